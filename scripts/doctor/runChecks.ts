/** Runs checks side by side; whatever happens to one, the others report. */
import { setTimeout as sleep } from "node:timers/promises";
import { isNativeError } from "node:util/types";
import { EngineError } from "../../machine/engineError.ts";
import { UserError } from "../userError.ts";
import { NotTold, type DoctorContext } from "./check.ts";
import type { LoadableCheck } from "./checks.ts";
import { unknown, type Finding } from "./finding.ts";

/** Longer than any check takes on a slow machine; one that hangs is left behind. */
export const CHECK_LIMIT_MS = 10_000;

/** What one check found. */
export interface CheckResult {
  readonly check: string;
  readonly findings: readonly Finding[];
}

/** The results in the order of the checks. Never throws: what cannot be told is a finding. */
export const runChecks = (
  checks: readonly LoadableCheck[],
  context: DoctorContext,
  limitMs = CHECK_LIMIT_MS,
): Promise<CheckResult[]> =>
  Promise.all(
    checks.map(async (check) => ({
      check: check.name,
      findings: await findingsOf(check, context, limitMs),
    })),
  );

async function findingsOf(
  { load }: LoadableCheck,
  context: DoctorContext,
  limitMs: number,
): Promise<readonly Finding[]> {
  const over = new AbortController();
  const work = async () => (await load()).run(context);
  const limit = async () => {
    await sleep(limitMs, undefined, { signal: over.signal });
    return [unknown(`not finished within ${limitMs / 1000} s`)];
  };
  try {
    return await Promise.race([work(), limit()]);
  } catch (error) {
    return [findingOf(error)];
  } finally {
    over.abort();
  }
}

/** Codes of Node and of jest's loader for a module that is not there. */
const NOT_FOUND = ["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"];

function findingOf(error: unknown): Finding {
  if (error instanceof NotTold) return unknown(error.message, error.mend);
  if (error instanceof EngineError)
    return error.kind === "answer"
      ? unknown(error.what)
      : unknown("needs the Docker Engine, which does not answer");
  if (error instanceof UserError) return unknown(error.message, error.mend.join("; ") || undefined);
  if (isNativeError(error) && "code" in error && NOT_FOUND.includes(String(error.code)))
    return unknown("needs the dependencies, which are not installed", "npm run up installs them");
  return unknown(`could not be checked: ${isNativeError(error) ? error.message : String(error)}`);
}
