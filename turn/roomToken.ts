/** The wire of a room token: what the API answers and every client reads. */
import * as z from "zod";

/** LiveKit's TokenSourceResponse, the answer of `POST /api/livekit/token`. */
export const RoomTokenResponse = z.object({ server_url: z.url(), participant_token: z.string() });
export type RoomTokenResponse = z.infer<typeof RoomTokenResponse>;

/**
 * LiveKit renews the token of whoever is in a room, with any of its keys: for what is left of the
 * token's life, and ten minutes at least (`refreshToken` in livekit's service/roommanager.go).
 */
const RENEWED_SECONDS = 600;

/** How long whoever has a room token may hold a valid one, in seconds. */
export const renewedTokenSeconds = (roomTokenTtlSeconds: number): number =>
  Math.max(roomTokenTtlSeconds, RENEWED_SECONDS);
