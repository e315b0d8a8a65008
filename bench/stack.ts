/**
 * `npm run bench:stack`: how long a stack takes and what it holds, beside the same containers by plain
 * Docker in the same run. Deploys a stack of its own, on ports of its own, and removes it.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { connectEngine } from "../machine/dockerEngine.ts";
import type { Plan } from "../plan/plan.ts";
import { columns } from "../scripts/commands/columns.ts";
import { planOf } from "../scripts/commands/planOf.ts";
import { makeCheckout, type Checkout } from "../test/support/checkout.ts";
import { containerMemory, proxies } from "./memory.ts";
import { forgetTwins, removeTwins, runTwins, twinsOf } from "./plainDocker.ts";

const STACK = "bench";

const engine = connectEngine();

/** Ports beside those of a dev stack, which may run on. */
const config = {
  "turnkey:target": "docker",
  "turnkey:livekit": JSON.stringify({ port: 30_880, metricsPort: 30_789 }),
  "turnkey:rtc": JSON.stringify({ tcpPort: 30_881, mediaPorts: { from: 30_100, to: 30_200 } }),
  "turnkey:turn": JSON.stringify({ udpPort: 30_080, tlsPort: 30_349 }),
  "turnkey:edge": JSON.stringify({ httpsPort: 30_443, turnPort: 30_350, metricsPort: 30_404 }),
  "turnkey:api": JSON.stringify({ port: 30_890, metricsPort: 30_891 }),
};

/** Time for the services to come to rest before memory is read. */
const REST_MS = 5_000;

/** One figure: ours in each run, the same by plain Docker, and what was set as the goal. */
interface Figure {
  readonly name: string;
  readonly unit: "s" | "MiB" | "";
  readonly goal: number;
  readonly ours: number[];
  readonly plain: number[];
}

const figure = (name: string, unit: Figure["unit"], goal: number): Figure => ({
  name,
  unit,
  goal,
  ours: [],
  plain: [],
});

const figures = {
  up: figure("from nothing to healthy", "s", 12),
  again: figure("no-op up", "s", 3),
  preview: figure("preview", "s", 2),
  down: figure("down", "s", 10),
  memory: figure("idle memory, containers and docker-proxy", "MiB", 150),
  proxies: figure("docker-proxy processes for media", "", 0),
};

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

const portsOf = (rows: Plan["ports"]) =>
  new Set(rows.flatMap((it) => Array.from({ length: it.to - it.from + 1 }, (_, n) => it.from + n)));

/** What is measured of a stack that stands: `names` are its containers. */
async function hold(
  plan: Plan,
  names: readonly string[],
): Promise<{ memory: number; media: number }> {
  await sleep(REST_MS);
  const each = await Promise.all(names.map((it) => containerMemory(engine, it)));
  const all = proxies(portsOf(plan.ports));
  const media = proxies(portsOf(plan.ports.filter((it) => it.name === "media")));
  return { memory: each.reduce((a, b) => a + b, 0) + all.memoryMib, media: media.count };
}

async function once(checkout: Checkout, plan: Plan): Promise<void> {
  const run = async (...command: string[]) => {
    const [name = "", ...options] = command;
    const ran = await checkout.run(name, "--stack", STACK, ...options);
    if (ran.code !== 0) throw new Error(`${command.join(" ")} failed\n${ran.stdout}${ran.stderr}`);
  };
  const up = () => run("up", "--yes", "--no-verify");

  figures.up.ours.push(await seconds(up));
  figures.again.ours.push(await seconds(up));
  figures.preview.ours.push(await seconds(() => run("preview")));
  const ours = await hold(
    plan,
    plan.services.map((it) => it.containerName),
  );
  figures.memory.ours.push(ours.memory);
  figures.proxies.ours.push(ours.media);
  const twins = await twinsOf(engine, plan);
  figures.down.ours.push(await seconds(() => run("down", "--yes")));

  try {
    figures.up.plain.push(await seconds(() => runTwins(engine, twins)));
    const plain = await hold(
      plan,
      twins.containers.map((it) => it.name),
    );
    figures.memory.plain.push(plain.memory);
    figures.proxies.plain.push(plain.media);
    figures.down.plain.push(await seconds(() => removeTwins(engine, twins)));
  } finally {
    await forgetTwins(engine, twins);
  }
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const shown = (value: number | undefined, unit: string) =>
  value === undefined ? "-" : `${unit === "" ? value : value.toFixed(1)} ${unit}`.trim();

function row({ name, unit, goal, ours, plain }: Figure): string[] {
  const [mine, theirs] = [median(ours), median(plain)];
  return [
    name,
    shown(mine, unit),
    shown(theirs, unit),
    mine === undefined || !theirs ? "-" : (mine / theirs).toFixed(2),
    `${goal === 0 ? "" : "at most "}${shown(goal, unit)}`,
    mine === undefined ? "-" : mine <= goal ? "met" : "missed",
  ];
}

const { values } = parseArgs({
  options: { runs: { type: "string", default: "3" }, json: { type: "boolean", default: false } },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1)
  throw new Error(`--runs is ${values.runs}, wanted a whole number of at least 1`);

const checkout = makeCheckout();
try {
  const lines = Object.entries(config).map(([key, value]) => `  ${key}: ${value}\n`);
  writeFileSync(join(checkout.folder, `Pulumi.${STACK}.yaml`), `config:\n${lines.join("")}`);
  const { plan } = await planOf(config, STACK);
  for (let run = 1; run <= runs; run += 1) {
    console.error(`run ${run} of ${runs}`);
    // oxlint-disable-next-line no-await-in-loop -- one at a time, or they disturb each other
    await once(checkout, plan);
  }
} finally {
  await checkout.run("down", "--stack", STACK, "--yes");
  checkout.remove();
}
console.log(
  values.json
    ? JSON.stringify(figures)
    : columns([
        ["", "Turnkey", "plain Docker", "ratio", "goal", ""],
        ...Object.values(figures).map(row),
      ]),
);
