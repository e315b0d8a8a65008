/**
 * `npm run bench:node`: how long a production node takes to boot, and to take up another document, behind the
 * same NAT as in `npm run test:node`. Each run boots a node of its own and removes it.
 */
import { parseArgs } from "node:util";
import type { NodeDocument } from "../plan/nodeDocument.ts";
import { columns } from "../scripts/commands/columns.ts";
import { readyNodeRig } from "../scripts/setup/nodeRig.ts";
import { untilApplied } from "../test/support/node/booted.ts";
import { withBlocked, withMemory } from "../test/support/node/changed.ts";
import { publish } from "../test/support/node/deployment.ts";
import { type Rig, startRig } from "../test/support/node/rig.ts";
import { appliedAt } from "./appliedAt.ts";

/** What a deployment changes, one after the other. */
const changes: Readonly<Record<string, (document: NodeDocument) => NodeDocument>> = {
  "a user is cut off (a file in a live folder)": (it) => withBlocked(it, ["mallory"]),
  "a setting of the API": (it) => withMemory(it, "api", 1),
  "a setting of LiveKit, without calls": (it) => withMemory(it, "livekit", 1),
};

const BOOT = "boot, from switching on";

/** Seconds of each run, by what was done. */
const figures: Record<string, number[]> = Object.fromEntries(
  [BOOT, ...Object.keys(changes)].map((it) => [it, []]),
);

async function until(rig: Rig, version: string, startMs: number): Promise<number> {
  await untilApplied(rig, version);
  return ((await appliedAt(rig.node, version)) - startMs) / 1000;
}

async function once(): Promise<void> {
  const rig = await startRig();
  try {
    const switchedOn = Date.now() - (rig.took["switch on"] ?? 0);
    figures[BOOT]?.push(await until(rig, rig.document, switchedOn));
    let { document } = rig.deployed;
    for (const [name, change] of Object.entries(changes)) {
      document = change(document);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const version = await publish(rig.cloud, { ...rig.deployed, document }, rig.apiImage);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      figures[name]?.push(await until(rig, version, Date.now()));
    }
  } finally {
    await rig.remove();
  }
}

const { values } = parseArgs({
  options: { runs: { type: "string", default: "3" }, json: { type: "boolean", default: false } },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1)
  throw new Error(`--runs is ${values.runs}, wanted a whole number of at least 1`);

await readyNodeRig(false);
for (let run = 1; run <= runs; run += 1) {
  console.error(`run ${run} of ${runs}`);
  // oxlint-disable-next-line no-await-in-loop -- one at a time, or they disturb each other
  await once();
}

const sorted = (seconds: readonly number[]) => seconds.toSorted((a, b) => a - b);
const shown = (seconds: number | undefined) =>
  seconds === undefined ? "-" : `${seconds.toFixed(1)} s`;
const row = ([name, seconds]: [string, number[]]) => {
  const all = sorted(seconds);
  return [name, shown(all[Math.floor(all.length / 2)]), shown(all[0]), shown(all.at(-1))];
};
console.log(
  values.json
    ? JSON.stringify(figures)
    : columns([
        ["until the document is applied and /readyz is 200", "median", "least", "most"],
        ...Object.entries(figures).map(row),
      ]),
);
