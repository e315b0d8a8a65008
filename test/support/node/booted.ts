/** How far a booted node is. */
import * as z from "zod";
import type { Rig } from "./rig.ts";
import { soon } from "./soon.ts";

const SECONDS = 1_000;

const Status = z.object({
  state: z.string(),
  wanted: z.string().nullable(),
  applied: z.string().nullable(),
  problem: z.string().nullable(),
});

/** What the agent says of the node. Throws while it has said nothing. */
export async function statusOf({ node }: Pick<Rig, "node">) {
  const told = await node.run(["cat", "/run/turnkey/status.json"], 20 * SECONDS);
  return Status.parse(JSON.parse(told));
}

/** The same, and what led to it, for messages of tests that failed. */
export async function account(rig: Pick<Rig, "node">): Promise<string> {
  const status = await statusOf(rig).catch((error: unknown) => error);
  const run = (...command: string[]) => rig.node.run(command, 20 * SECONDS);
  return [
    JSON.stringify(status),
    await run("journalctl", "--no-pager", "--unit=turnkey-*"),
    await run("docker", "ps", "--all"),
  ].join("\n");
}

/** Waits until the node has applied a version of its document. Throws its account when it refuses it, or takes four minutes. */
export function untilApplied(rig: Pick<Rig, "node" | "document">, version = rig.document) {
  const applied = async () => {
    const told = await statusOf(rig).catch(() => undefined);
    if (told?.state === "refused" && told.wanted === version) throw new Error(await account(rig));
    return told?.state === "applied" && told.applied === version;
  };
  return soon(applied, { withinMs: 240 * SECONDS, otherwise: () => account(rig) });
}
