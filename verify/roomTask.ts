/** What verify and the process that joins rooms for it tell each other over IPC. */
import * as z from "zod";

/** Two participants' tokens for one room, and a tag that no other run's packets have. */
export const RoomTask = z.object({
  serverUrl: z.string(),
  tokens: z.tuple([z.string(), z.string()]),
  tag: z.string(),
});
export type RoomTask = z.infer<typeof RoomTask>;

/**
 * How it went. `paths` holds, for each participant, the TURN URL its data went over, or `direct`.
 */
export const RoomResult = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), paths: z.array(z.string()) }),
  z.object({ ok: z.literal(false), step: z.string(), problem: z.string() }),
]);
export type RoomResult = z.infer<typeof RoomResult>;
