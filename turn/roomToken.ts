/** The wire of a room token: what the API answers and every client reads. */
import * as z from "zod";

/** LiveKit's TokenSourceResponse, the answer of `POST /api/livekit/token`. */
export const RoomTokenResponse = z.object({ server_url: z.url(), participant_token: z.string() });
export type RoomTokenResponse = z.infer<typeof RoomTokenResponse>;
