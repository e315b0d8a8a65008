/** What a room token may grant at most: a setting, and part of the API's environment. */
import * as z from "zod";

/** LiveKit's names of track sources (livekit_models.proto, TrackSource). */
export const trackSources = ["camera", "microphone", "screen_share", "screen_share_audio"] as const;

/** `team-*` matches every room whose name begins with `team-`. */
const RoomPattern = z
  .string()
  .regex(/^[^*]*\*?$/, "a room's name, or how it begins followed by *")
  .min(1, "a room's name, or how it begins followed by *");

export const RoomGrants = z.strictObject({
  publish: z.boolean("true or false").default(true).describe("Whether participants may publish"),
  sources: z
    .array(z.enum(trackSources, { error: `one of ${trackSources.join(", ")}` }))
    .min(1, "at least one source; publish: false forbids all")
    .optional()
    .describe(`What participants may publish: ${trackSources.join(", ")}. Default: anything`),
  subscribe: z
    .boolean("true or false")
    .default(true)
    .describe("Whether participants may subscribe to others"),
  data: z.boolean("true or false").default(true).describe("Whether participants may send data"),
  ownMetadata: z
    .boolean("true or false")
    .default(false)
    .describe("Whether participants may change their own name, metadata and attributes in a room"),
  agents: z
    .boolean("true or false")
    .default(true)
    .describe("Whether a request may dispatch agents to its room"),
  rooms: z
    .array(RoomPattern)
    .min(1, "at least one room")
    .optional()
    .describe("Rooms that tokens are given for: names, or beginnings followed by *. Default: any"),
});
export type RoomGrants = z.infer<typeof RoomGrants>;

/** Whether a token may be given for a room. */
export const allowsRoom = ({ rooms }: RoomGrants, room: string): boolean =>
  rooms === undefined ||
  rooms.some((it) => (it.endsWith("*") ? room.startsWith(it.slice(0, -1)) : room === it));

/** What a stack that says nothing grants. */
export const defaultGrants: RoomGrants = RoomGrants.parse({});
