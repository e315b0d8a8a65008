/**
 * `npm run bench:relay`: what LiveKit's TURN relay carries, over UDP and over TLS, behind the edge and ending TLS
 * itself, beside coturn with the same limits and the path without a relay, in turns in one run. Networks are
 * the benchmark's own, servers have one core and the load comes from another.
 */
import { parseArgs } from "node:util";
import { readyDebianTool } from "../scripts/setup/debianTool.ts";
import { readyNetworkTools } from "../scripts/setup/networkTools.ts";
import { prepare } from "../scripts/setup/setup.ts";
import { startKeeper } from "../test/support/node/keeper.ts";
import { readyGenerator } from "./relay/buildGenerator.ts";
import { measure, type Measured, memoryOfAllocation } from "./relay/measure.ts";
import { othersBusy } from "./relay/othersBusy.ts";
import { type AllFigures, edgeShare, figuresOf, table } from "./relay/report.ts";
import { type System, type SystemName, systemNames } from "./relay/systems.ts";
import { type BenchWorld, makeWorld } from "./relay/world.ts";

/** Packets a second for latencies, before it is known what the slowest carries, and at least. */
const LEAST_LATENCY_RATE = 1_000;
/** The share of the processors' time that something else may take. */
const MOST_BUSY = 0.05;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "1.5" },
    json: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`--rounds is ${values.rounds}, wanted a whole number of at least 1`);
const seconds = Number(values.seconds);
if (!(seconds >= 0.2 && seconds <= 60))
  throw new Error(`--seconds is ${values.seconds}, wanted a number from 0.2 to 60`);

type Rounds = Record<SystemName, Measured[]>;

/** In turns, so that what else the machine does meets all alike. The first round warms up, and tells the rate for latencies. */
async function compare({ network, systems }: BenchWorld) {
  const all: Rounds = {
    direct: [],
    livekitUdp: [],
    coturnUdp: [],
    edgeTls: [],
    ownTls: [],
    plainTls: [],
    coturnTls: [],
  };
  const near: Partial<Record<SystemName, number>> = {};
  let latencyRate = LEAST_LATENCY_RATE;
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, system] of entries(systems)) {
      console.error(
        `${round === 0 ? "warming up" : `round ${round} of ${rounds}`}: ${system.name}`,
      );
      // oxlint-disable-next-line no-await-in-loop -- one at a time, or they disturb each other
      const one = await measure(system, { network, seconds, near: near[name], latencyRate });
      near[name] = one.throughput.rate;
      if (round > 0) all[name].push(one);
    }
    if (round === 0)
      latencyRate = Math.max(LEAST_LATENCY_RATE, Math.round(Math.min(...Object.values(near)) / 2));
  }
  return { all, latencyRate };
}

/** Each server is started for it alone: one that has worked has memory to spare. */
async function weigh({ network, sites, systems }: BenchWorld) {
  const memory: Partial<Record<SystemName, number>> = {};
  for (const [name, system] of entries(systems)) {
    if (system.site === undefined) continue;
    console.error(`memory: ${system.name}`);
    // oxlint-disable-next-line no-await-in-loop -- they have the same addresses
    memory[name] = await memoryOfAllocation(system, network, sites[system.site]);
  }
  return memory;
}

const entries = (systems: BenchWorld["systems"]) =>
  systemNames.map((name): [SystemName, System] => [name, systems[name]]);

const busy = await othersBusy();
if (busy > MOST_BUSY)
  console.error(
    `this machine is busy for ${(busy * 100).toFixed(0)} % of the time: what follows is not to be kept`,
  );
await prepare({ needs: ["images"] });
await readyNetworkTools(false);
await readyDebianTool("coturn");
await readyGenerator();
const keeper = startKeeper();
try {
  const world = await makeWorld(keeper);
  const memory = await weigh(world);
  for (const start of Object.values(world.sites)) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other takes no longer on one core
    await start();
  }
  const { all, latencyRate } = await compare(world);
  const figures = (name: SystemName) =>
    figuresOf(world.systems[name].name, all[name], memory[name]);
  const result: AllFigures = {
    direct: figures("direct"),
    livekitUdp: figures("livekitUdp"),
    coturnUdp: figures("coturnUdp"),
    edgeTls: figures("edgeTls"),
    ownTls: figures("ownTls"),
    plainTls: figures("plainTls"),
    coturnTls: figures("coturnTls"),
  };
  console.log(
    values.json
      ? JSON.stringify({
          othersBusy: busy,
          latencyRate,
          edgeShare: { ofPlain: edgeShare(result, "plainTls"), ofOwn: edgeShare(result, "ownTls") },
          figures: result,
          rounds: all,
        })
      : table(result, latencyRate),
  );
} finally {
  await keeper.undo();
}
