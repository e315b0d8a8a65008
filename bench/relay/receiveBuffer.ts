/** The node's own default for receive buffers, without which a relay loses packets whenever it waits for its processor. */
import { readFileSync } from "node:fs";
import { nodeScripts } from "../../machine/agentScript.ts";
import { runCommand } from "../../scripts/setup/runCommand.ts";
import { asRoot } from "../../test/support/node/asRoot.ts";
import type { Keeper } from "../../test/support/node/keeper.ts";

/** The machine's: the kernel has it for all namespaces, and a socket takes it when it is opened. */
const FILE = "/proc/sys/net/core/rmem_default";

/** What a node has, in bytes. */
export function nodeReceiveBuffer(
  scripts: Readonly<Record<string, string>> = nodeScripts(),
): string {
  const found = /"net\.core\.rmem_default": \("(\d+)"/.exec(scripts["host.py"] ?? "")?.[1];
  if (found === undefined) throw new Error("host.py says no net.core.rmem_default");
  return found;
}

/** Only where it is what the benchmark has set: nobody else's is undone. */
const giveBack = (ours: string, before: string) =>
  asRoot("sh", "-c", `! grep -qx ${ours} ${FILE} || echo ${before} >${FILE}`);

async function run([file = "sh", ...args]: readonly string[]): Promise<void> {
  await runCommand({ file, args });
}

/**
 * Does what opens the sockets that servers listen on, with the node's default; after that the machine's is as it was. Those
 * of relays, opened later, carry too little each to fill the machine's own.
 */
export async function withReceiveBuffer<T>(keeper: Keeper, work: () => Promise<T>): Promise<T> {
  const ours = nodeReceiveBuffer();
  const before = readFileSync(FILE, "utf8").trim();
  // Also while another run has set it, which gives it back itself.
  if (before === ours) return work();
  keeper.note(...giveBack(ours, before));
  await run(asRoot("sh", "-c", `echo ${ours} >${FILE}`));
  try {
    return await work();
  } finally {
    await run(giveBack(ours, before));
  }
}
