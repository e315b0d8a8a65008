/**
 * `npm run bench:preview`: how long Pulumi takes to preview production, beside an empty program in the
 * same run, with and without the policy pack, and how much of it is loading @pulumi/aws. It needs no cloud:
 * the stack is previewed as one that does not exist yet.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { columns } from "../scripts/commands/columns.ts";
import { policyConfig } from "../scripts/commands/policyConfig.ts";
import { planOf } from "../scripts/commands/planOf.ts";
import { project } from "../scripts/pulumi/project.ts";
import { cliEnvironment } from "../scripts/setup/cliEnvironment.ts";
import { cliFile } from "../scripts/setup/pulumiPaths.ts";
import { prepare } from "../scripts/setup/setup.ts";

const run = promisify(execFile);

const STACK = "bench-preview";
const config = {
  "turnkey:target": "aws",
  "turnkey:aws": JSON.stringify({ region: "eu-central-1" }),
  "turnkey:api": JSON.stringify({
    signIn: {
      kind: "jwks",
      url: "https://id.example.com/jwks",
      issuer: "https://id.example.com",
      audience: "calls",
    },
  }),
};

interface Figure {
  readonly name: string;
  /** Seconds; undefined where none was set. */
  readonly goal?: number;
  readonly seconds: number[];
  readonly measure: () => Promise<unknown>;
}

const { values } = parseArgs({
  options: { runs: { type: "string", default: "5" }, json: { type: "boolean", default: false } },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1)
  throw new Error(`--runs is ${values.runs}, wanted a whole number of at least 1`);

const { source } = await prepare({ needs: ["cli"] });
const folder = mkdtempSync(join(tmpdir(), "turnkey-bench-preview-"));
const environment = {
  ...process.env,
  ...cliEnvironment(process.env, dirname(cliFile()), source.source, undefined),
  PATH: [dirname(cliFile()), join(project, "node_modules", ".bin"), process.env["PATH"]].join(
    delimiter,
  ),
  PULUMI_BACKEND_URL: `file://${folder}`,
  PULUMI_CONFIG_PASSPHRASE: "bench",
  PULUMI_SKIP_UPDATE_CHECK: "true",
};

const pulumi = (cwd: string, ...args: string[]) =>
  run(cliFile(), [...args, "--non-interactive"], { cwd, env: environment });

/** A program that declares nothing, run the same way. */
const empty = join(folder, "empty");
const production = join(folder, `Pulumi.${STACK}.yaml`);
const judged = join(folder, "policy.json");

async function makeStacks(): Promise<void> {
  mkdirSync(empty);
  const runtime = "runtime: { name: nodejs, options: { typescript: false } }\n";
  writeFileSync(join(empty, "Pulumi.yaml"), `name: empty\n${runtime}`);
  writeFileSync(join(empty, "package.json"), '{"type": "module", "main": "index.js"}');
  writeFileSync(join(empty, "index.js"), "export default () => ({});\n");
  // Found from the empty program, as from any in a folder below.
  writeFileSync(join(folder, "Pulumi.yaml"), `name: turnkey\n${runtime}`);
  await run("ln", ["-s", join(project, "node_modules"), join(folder, "node_modules")]);
  const lines = Object.entries(config).map(([key, value]) => `  ${key}: ${value}\n`);
  writeFileSync(production, `config:\n${lines.join("")}`);
  const { plan } = await planOf(config, STACK);
  writeFileSync(judged, JSON.stringify(policyConfig({ target: "aws", plan })));
  await pulumi(empty, "stack", "init", STACK);
  await pulumi(folder, "stack", "init", STACK, "--no-select");
}

const preview = (...more: string[]) =>
  pulumi(project, "preview", "--stack", STACK, "--config-file", production, ...more);

/** What Node takes to load a module and end. */
const load = (module: string) =>
  run("node", ["-e", `import(${JSON.stringify(module)})`], { cwd: project, env: environment });

const figures: readonly Figure[] = [
  {
    name: "an empty program",
    seconds: [],
    measure: () => pulumi(empty, "preview", "--stack", STACK),
  },
  { name: "production", goal: 3, seconds: [], measure: () => preview() },
  {
    name: "production, judged by the policy pack",
    goal: 4,
    seconds: [],
    measure: () => preview("--policy-pack", "policy", "--policy-pack-config", judged),
  },
  { name: "loading @pulumi/pulumi alone", seconds: [], measure: () => load("@pulumi/pulumi") },
  {
    name: "loading @pulumi/aws, and with it the former",
    seconds: [],
    measure: () => load("@pulumi/aws"),
  },
];

const median = (all: readonly number[]) =>
  all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

try {
  await makeStacks();
  // The first of each fills compile caches.
  for (const { measure } of figures) await measure();
  for (let round = 1; round <= runs; round += 1) {
    console.error(`run ${round} of ${runs}`);
    for (const { seconds, measure } of figures) {
      const start = performance.now();
      // oxlint-disable-next-line no-await-in-loop -- one at a time, or they disturb each other
      await measure();
      seconds.push((performance.now() - start) / 1000);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const base = median(figures[0]?.seconds ?? []);
console.log(
  values.json
    ? JSON.stringify(figures.map(({ name, goal, seconds }) => ({ name, goal, seconds })))
    : columns([
        ["", "seconds", "ratio", "goal", ""],
        ...figures.map(({ name, goal, seconds }) => {
          const taken = median(seconds);
          return [
            name,
            taken.toFixed(2),
            (taken / base).toFixed(2),
            goal === undefined ? "" : `at most ${goal} s`,
            goal === undefined ? "" : taken <= goal ? "met" : "missed",
          ];
        }),
      ]),
);
