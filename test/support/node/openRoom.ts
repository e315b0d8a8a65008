/** A room that a client on the internet opens. */
import { join } from "node:path";
import * as z from "zod";
import { inNamespace } from "../networkTools.ts";
import { nodeProgram } from "./nodeProgram.ts";
import type { Rig } from "./rig.ts";

/** The program's one argument, as JSON. */
export const OpenRoomTask = z.strictObject({ url: z.url(), ca: z.string() });
export type OpenRoomTask = z.infer<typeof OpenRoomTask>;

/** Joins LiveKit's signalling with a room token, which opens the room, and leaves. Throws what hindered it. */
export async function openRoom(
  rig: Pick<Rig, "internet" | "host" | "trusted">,
  token: string,
): Promise<void> {
  const query = new URLSearchParams({ access_token: token });
  const task: OpenRoomTask = {
    url: `wss://${rig.host}/rtc?${query.toString()}`,
    ca: await rig.trusted(),
  };
  const program = join(import.meta.dirname, "openRoomMain.ts");
  await inNamespace(rig.internet.client, ...nodeProgram(program, JSON.stringify(task)));
}
