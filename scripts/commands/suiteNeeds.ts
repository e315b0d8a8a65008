/** What some suites of test/real need beyond the Pulumi CLI, the Docker Engine and its images. */
import { Refusal } from "../userError.ts";

/** The folder of the suites that need a set-up. */
export const REAL = "test/real";

export type SuiteNeed = "browser" | "network tools" | "schemathesis" | "parliament";

/** By file below test/real; a suite without a row needs no more than the others. */
export const suiteNeeds: Readonly<Record<string, readonly SuiteNeed[]>> = {
  "browser.test.ts": ["browser"],
  "browserCalls.test.ts": ["browser", "network tools"],
  "engineRestart.test.ts": ["network tools"],
  "lan.test.ts": ["network tools"],
  "keepFresh.test.ts": ["browser", "network tools"],
  "nat.test.ts": ["browser", "network tools"],
  "networkTools.test.ts": ["network tools"],
  "iamLint.test.ts": ["parliament"],
  "openapi.test.ts": ["schemathesis"],
  "demo.test.ts": ["browser", "network tools"],
  "diagnostics.test.ts": ["browser", "network tools"],
  "diagnosticsToken.test.ts": ["browser"],
};

const needs: readonly SuiteNeed[] = ["browser", "network tools", "schemathesis", "parliament"];

/** How a refusal is met. */
export interface Asked {
  /** Nothing may be left out. */
  readonly ci: boolean;
  readonly tell: (line: string) => void;
}

/**
 * The result of `ready`; undefined when the user refused it, who then hears which suites are left out.
 * Throws the refusal in CI.
 */
export async function unlessRefused<Result>(
  suites: readonly string[],
  ready: () => Promise<Result>,
  { ci, tell }: Asked,
): Promise<Result | undefined> {
  try {
    return await ready();
  } catch (error) {
    if (!(error instanceof Refusal) || ci) throw error;
    const names = suites.map((it) => `  ${REAL}/${it}`);
    tell([error.told(), "", "skipped, as they need it:", ...names, ""].join("\n"));
    return undefined;
  }
}

/** Readies what these suites need, one after the other, and gives those whose need was refused. */
export async function readyForSuites(
  suites: readonly string[],
  ready: Readonly<Record<SuiteNeed, () => Promise<void>>>,
  asked: Asked,
): Promise<string[]> {
  const leftOut = new Set<string>();
  for (const need of needs) {
    const needing = suites.filter((it) => suiteNeeds[it]?.includes(need));
    if (needing.length === 0) continue;
    const satisfied = async () => {
      await ready[need]();
      return true;
    };
    // oxlint-disable-next-line no-await-in-loop -- each may ask its question
    if (!(await unlessRefused(needing, satisfied, asked)))
      for (const it of needing) leftOut.add(it);
  }
  return [...leftOut];
}
