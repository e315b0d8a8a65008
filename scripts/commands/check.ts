import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { parseSettings, stackValues } from "../../config.ts";
import { SettingsError } from "../../settingsError.ts";
import { project } from "../pulumi/project.ts";
import { requireStackFile, stackFileName } from "../pulumi/stackFiles.ts";
import { runTool } from "./tools.ts";
import type { StackOptions } from "./withStack.ts";

const StackFile = z.object({ config: z.record(z.string(), z.unknown()).default({}) });

/** Stands for an encrypted value, which only the CLI can read: as long as the longest that is asked for. */
const SECRET = "*".repeat(32);

/** A stack file's values with every `{secure: ...}` replaced. */
export function withoutCiphertext(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutCiphertext);
  if (typeof value !== "object" || value === null) return value;
  if ("secure" in value) return SECRET;
  return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, withoutCiphertext(it)]));
}

/** What is wrong with the settings in a stack's file; undefined when nothing is. */
function settingsProblem(stack: string): string | undefined {
  requireStackFile(project, stack);
  const text = readFileSync(join(project, stackFileName(stack)), "utf8");
  const { config } = StackFile.parse(parse(text) ?? {});
  const values = Object.entries(config).map(([key, value]): [string, string] => {
    const shown = withoutCiphertext(value);
    return [key, typeof shown === "string" ? shown : JSON.stringify(shown)];
  });
  try {
    parseSettings(stackValues(Object.fromEntries(values)));
    return undefined;
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
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
