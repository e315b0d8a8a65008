import { runTool } from "./tools.ts";

const steps = [
  ["types and lint", "oxlint", ["--type-aware", "--type-check"]],
  ["format", "prettier", ["--check", "--log-level", "warn", "."]],
  ["unit tests", "jest", ["--selectProjects", "unit"]],
] as const;

/** `npm run check`: everything that needs neither Docker nor Pulumi. All steps run, and 1 if any failed. */
export async function check(): Promise<number> {
  const failed: string[] = [];
  for (const [name, tool, args] of steps) {
    console.log(`${name}:`);
    if ((await runTool(tool, args)) !== 0) failed.push(name);
  }
  console.log(failed.length === 0 ? "all is well" : `failed: ${failed.join(", ")}`);
  return failed.length === 0 ? 0 : 1;
}
