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
  since: z.string(),
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

/** Whether the edge serves a certificate that is more than the stand-in of node/certificate.py. */
async function isCertified({ node }: Pick<Rig, "node">): Promise<boolean> {
  const shown = "openssl s_client -connect 127.0.0.1:443 </dev/null 2>/dev/null";
  const told = await node.run(["sh", "-c", shown], 20 * SECONDS).catch(() => "");
  return told.includes("subject=") && !told.includes("not yet certified");
}

/**
 * Waits until the node has applied a version of its document and serves its certificate. Throws its account when
 * it refuses the document, or when either takes four minutes.
 */
export async function untilApplied(rig: Pick<Rig, "node" | "document">, version = rig.document) {
  const applied = async () => {
    const told = await statusOf(rig).catch(() => undefined);
    if (told?.state === "refused" && told.wanted === version) throw new Error(await account(rig));
    return told?.state === "applied" && told.applied === version;
  };
  const patience = { withinMs: 240 * SECONDS, otherwise: () => account(rig) };
  await soon(applied, patience);
  await soon(() => isCertified(rig), patience);
}
