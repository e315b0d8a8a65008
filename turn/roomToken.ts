/** The wire of a room token: what the API answers and every client reads. */
import * as z from "zod";

/** LiveKit's TokenSourceResponse, the answer of `POST /api/livekit/token`. */
export const RoomTokenResponse = z.object({ server_url: z.url(), participant_token: z.string() });
export type RoomTokenResponse = z.infer<typeof RoomTokenResponse>;

/** The longest life that the settings let a room token have, in seconds. */
export const LONGEST_ROOM_TOKEN_SECONDS = 86_400;

/** LiveKit lets a token live a minute longer, for clocks that differ (jwt leeway of livekit/protocol's auth). */
const LEEWAY_SECONDS = 60;

/** A request that was let in just before a user was cut off has its token signed within this time. */
const UNDER_WAY_SECONDS = 10;

/**
 * How long LiveKit may take a room token of a user who is cut off, in seconds from then on. It is of
 * the longest life, whatever the settings say: they may have said longer when the token was signed.
 */
export const ROOM_TOKENS_LIVE_SECONDS =
  LONGEST_ROOM_TOKEN_SECONDS + LEEWAY_SECONDS + UNDER_WAY_SECONDS;
