import * as z from "zod";
import type { NodeMachine } from "../test/support/node/machine.ts";

/** Of the agent's log, what tells how far it is (node/agent.py). */
const State = z.object({
  event: z.literal("state"),
  state: z.string(),
  applied: z.string().nullable(),
});

/** A line of `journalctl --output=short-unix`: seconds, host, program, and what it said. */
const LINE = /^(?<seconds>\d+\.\d+) \S+ \S+: (?<said>\{.*\})\s*$/;

const READ_MS = 60_000;

/**
 * When a node said that it runs a version of its document, in milliseconds of `Date.now`: by its journal, as
 * asking again and again costs the processor that is measured. Throws where it never said so.
 */
export async function appliedAt(node: Pick<NodeMachine, "run">, version: string): Promise<number> {
  const journal = ["journalctl", "--no-pager", "--output=short-unix", "--unit=turnkey-agent"];
  for (const line of (await node.run(journal, READ_MS)).split("\n")) {
    const { seconds, said } = LINE.exec(line)?.groups ?? {};
    const told = said === undefined ? undefined : State.safeParse(JSON.parse(said)).data;
    if (told?.state === "applied" && told.applied === version) return Number(seconds) * 1000;
  }
  throw new Error(`the node never said that it applied version ${version}`);
}
