import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import * as z from "zod";
import { project } from "../pulumi/project.ts";
import { readyBrowser } from "../setup/browser.ts";
import { readyNetworkTools } from "../setup/networkTools.ts";
import { readyNodeRig } from "../setup/nodeRig.ts";
import { parliament } from "../setup/parliament.ts";
import { inCi } from "../setup/privilege.ts";
import { readyTool } from "../setup/pythonTool.ts";
import { schemathesis } from "../setup/schemathesis.ts";
import { prepare } from "../setup/setup.ts";
import { readyForSuites, REAL, unlessRefused } from "./suiteNeeds.ts";
import { runTool } from "./tools.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Tells jest.config.js which suites of test/real are left out. */
const LEFT_OUT = "TURNKEY_LEFT_OUT_SUITES";

export interface TestOptions {
  readonly yes: boolean;
  readonly online: boolean;
  readonly extra: readonly string[];
}

/** Suites of test/node at a time: they wait for their nodes more than they work. */
const NODE_WORKERS = 3;

/** The part of jest's JSON that is counted. */
const Results = z.object({
  numPassedTests: z.int(),
  testResults: z.array(
    z.object({
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});
export type Results = z.infer<typeof Results>;

const isFailed = ({ status }: { readonly status: string }) => status === "failed";

/** The line a run ends with. A suite that failed outside its tests, or could not start, counts as one. */
export function countLine({ numPassedTests, testResults }: Results): string {
  const failed = testResults
    .filter(isFailed)
    .map(({ assertionResults }) => Math.max(1, assertionResults.filter(isFailed).length))
    .reduce((sum, count) => sum + count, 0);
  return `${numPassedTests} passed, ${failed} failed`;
}

/** Suites that need the whole set-up: files below test/real. */
const realSuites = () =>
  readdirSync(join(project, REAL), { recursive: true, encoding: "utf8" })
    .filter((it) => it.endsWith(".test.ts"))
    .map((it) => it.replaceAll(sep, "/"))
    .toSorted();

async function runJest(args: readonly string[], env: Environment): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "turnkey-test-"));
  const results = join(folder, "results.json");
  try {
    const code = await runTool("jest", [...args, "--json", `--outputFile=${results}`], env);
    if (existsSync(results))
      console.log(countLine(Results.parse(JSON.parse(readFileSync(results, "utf8")))));
    return code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * `npm test`: sets this machine up, runs every suite, and ends with `N passed, N failed`. What the user
 * refuses to install is told with the suites that are left out for it, and in CI it is a failure. Booting a
 * production node takes root and Debian's packages, so elsewhere than in CI it is a command of its own.
 */
export async function test({ yes, online, extra }: TestOptions): Promise<number> {
  const suites = realSuites();
  const asked = { ci: inCi(), tell: console.error };
  const prepared = await unlessRefused(
    suites,
    () => prepare({ yes, online, needs: ["cli", "engine", "images"] }),
    asked,
  );
  if (!prepared) return runJest([...extra, "--selectProjects", "unit"], process.env);
  const ready = {
    browser: () => readyBrowser(yes),
    "network tools": () => readyNetworkTools(yes),
    schemathesis: () => readyTool(schemathesis, yes),
    parliament: () => readyTool(parliament, yes),
  };
  const leftOut = await readyForSuites(suites, ready, asked);
  if (asked.ci) await readyNodeRig(yes);
  else console.error("left out: test/node, which boots a production node - npm run test:node");
  return runJest([...extra, ...(asked.ci ? [] : ["--ignoreProjects", "node"])], {
    ...process.env,
    ...prepared.env,
    [LEFT_OUT]: leftOut.join(" "),
  });
}

/** `npm run test:node`: boots a production node as prod declares it. What is refused is a failure: nothing else is run. */
export async function testNode({ yes, online, extra }: TestOptions): Promise<number> {
  const { env } = await prepare({ yes, online, needs: ["engine", "images"] });
  await readyBrowser(yes);
  await readyNodeRig(yes);
  const select = ["--selectProjects", "node", "--maxWorkers", `${NODE_WORKERS}`];
  return runJest([...extra, ...select], { ...process.env, ...env });
}

/** `npm run test:unit`: what needs neither Docker nor Pulumi. */
export const testUnit = ({ extra }: Pick<TestOptions, "extra">): Promise<number> =>
  runTool("jest", [...extra, "--selectProjects", "unit"]);
