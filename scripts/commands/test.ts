import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { project } from "../pulumi/project.ts";
import { prepare } from "../setup/setup.ts";
import { Refusal } from "../userError.ts";
import { runTool } from "./tools.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface TestOptions {
  readonly yes: boolean;
  readonly online: boolean;
  readonly extra: readonly string[];
}

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

/** Suites that need the whole set-up, by file. */
const realSuites = () =>
  readdirSync(join(project, "test", "real"), { recursive: true, encoding: "utf8" })
    .filter((it) => it.endsWith(".test.ts"))
    .map((it) => join("test", "real", it))
    .toSorted();

/**
 * The environment for every test; undefined when the user refused a system-wide installation, which CI
 * takes for a failure and others hear of with the names of the suites that are left out.
 */
async function setUp({ yes, online }: TestOptions): Promise<Environment | undefined> {
  try {
    const { env } = await prepare({ yes, online, needs: ["cli", "engine", "images"] });
    return { ...process.env, ...env };
  } catch (error) {
    if (!(error instanceof Refusal) || process.env["CI"]) throw error;
    console.error(`${error.told()}\n\nskipped, as they need it:\n  ${realSuites().join("\n  ")}\n`);
    return undefined;
  }
}

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

/** `npm test`: sets this machine up, runs every suite and ends with `N passed, N failed`. */
export async function test(options: TestOptions): Promise<number> {
  const env = await setUp(options);
  return env
    ? runJest(options.extra, env)
    : runJest([...options.extra, "--selectProjects", "unit"], process.env);
}

/** `npm run test:unit`: answers in seconds. */
export const testUnit = ({ extra }: Pick<TestOptions, "extra">): Promise<number> =>
  runTool("jest", [...extra, "--selectProjects", "unit"]);
