import { stackFileName } from "../pulumi/stackFiles.ts";
import { UserError } from "../userError.ts";
import { settingsOf } from "./stackSettings.ts";
import { runTool } from "./tools.ts";
import type { StackOptions } from "./withStack.ts";

/** What is wrong with the settings in a stack's file; undefined when nothing is. */
function settingsProblem(stack: string): string | undefined {
  try {
    settingsOf(stack);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [
      error.told(),
      `  they stand in ${stackFileName(stack)}; docs/settings.md has every one. With npx pulumi add --stack ${stack}, and what is secret goes by --secret alone`,
    ].join("\n");
  }
}

const looks = [
  ["types and lint", "oxlint", ["--type-aware", "--type-check"]],
  ["format", "prettier", ["--check", "--log-level", "warn", "."]],
] as const;
const unitTests = ["unit tests", "jest", ["--selectProjects", "unit"]] as const;

export interface CheckOptions extends StackOptions {
  /** Whether the unit tests are run too. */
  readonly tests: boolean;
}

/**
 * `npm run check`: everything that needs neither Docker nor Pulumi, and the settings of the stack. All
 * steps run, and 1 if any failed.
 */
export async function check({ stack, tests }: CheckOptions): Promise<number> {
  const failed: string[] = [];
  const problem = settingsProblem(stack);
  console.log(`settings of stack ${stack}: ${problem ?? "well"}`);
  if (problem) failed.push("settings");
  for (const [name, tool, args] of tests ? [...looks, unitTests] : looks) {
    console.log(`${name}:`);
    if ((await runTool(tool, args)) !== 0) failed.push(name);
  }
  console.log(failed.length === 0 ? "all is well" : `failed: ${failed.join(", ")}`);
  return failed.length === 0 ? 0 : 1;
}
