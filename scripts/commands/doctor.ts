import type { DoctorContext } from "../doctor/check.ts";
import { doctorContext } from "../doctor/doctorContext.ts";
import { checksFor } from "../doctor/checks.ts";
import { isWell, reportJson, reportTable } from "../doctor/report.ts";
import { runChecks } from "../doctor/runChecks.ts";
import { project } from "../pulumi/project.ts";

export interface DoctorOptions {
  readonly stack: string;
  readonly json: boolean;
}

/** How long what was left behind may take to end by itself. */
const LINGER_MS = 500;

/** `npm run doctor`: looks at everything the stack stands on, changes nothing; 1 when something is broken. */
export async function doctor({ stack, json }: DoctorOptions): Promise<number> {
  const over = new AbortController();
  const target = await targetHere(stack);
  const context = doctorContext({
    stack,
    target,
    project,
    env: process.env,
    now: () => new Date(),
    signal: over.signal,
  });
  const results = await runChecks(checksFor(target), context);
  console.log(json ? reportJson(results) : reportTable(results, { colours: process.stdout.isTTY }));
  const code = isWell(results) ? 0 : 1;
  over.abort();
  // An engine that hangs would keep this process for ever.
  setTimeout(() => process.exit(code), LINGER_MS).unref();
  return code;
}

/** Without the dependencies, or a file of the stack, it cannot be told: the check of the settings says so. */
const targetHere = async (stack: string): Promise<DoctorContext["target"]> => {
  try {
    return (await import("./targetOf.ts")).targetOf(stack);
  } catch {
    return "docker";
  }
};
