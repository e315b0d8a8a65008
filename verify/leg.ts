import { within } from "./deadline.ts";
import { explain } from "./explain.ts";
import { errorCode, type Finding, LegFailure, NotApplicable, notApplicable } from "./findings.ts";
import type { Target } from "./target.ts";
import type { Fetch } from "./trust.ts";

/**
 * One line of the proof. `mend` says what to do about `cause`; both are there only when `ok` is
 * false.
 */
export interface Leg {
  readonly name: string;
  /** What was tried: an ICE URL, or the URL of the API or of LiveKit. */
  readonly url: string;
  /** False only for a leg that failed. */
  readonly ok: boolean;
  /** Why the leg cannot work with this deployment: then it neither passed nor failed. */
  readonly na?: string;
  /** How long it took, in whole milliseconds. */
  readonly ms: number;
  readonly cause?: string;
  readonly mend?: string;
}

/** What every leg needs. */
export interface Context {
  readonly target: Target;
  readonly fetch: Fetch;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly onLeg: (leg: Leg) => void;
  /** No two runs share it: it tells our packets and rooms from others'. */
  readonly runId: string;
  /** Whether LiveKit's signalling answers: it names the cause of half of all failures. */
  readonly livekitRuns: Promise<boolean>;
}

/** A leg that was tried, with what it gives to the legs that build on it. */
export interface Tried<T> {
  readonly leg: Leg;
  readonly value?: T;
}

/** A leg's time limit, and the name and URL of its line. */
export interface LegPlan {
  readonly name: string;
  readonly url: string;
  readonly limitMs?: number;
}

/** What a leg may take when its plan does not say. */
export const LIMIT_MS = 5_000;

const findingOf = (error: unknown): Finding =>
  error instanceof LegFailure ? error.finding : { kind: "unexpected", problem: errorCode(error) };

/**
 * Tries one leg within its time limit (5 s) and reports it. Rejects only when the run itself is
 * stopped.
 */
export async function tryLeg<T>(
  context: Context,
  { name, url, limitMs = LIMIT_MS }: LegPlan,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<Tried<T>> {
  const start = performance.now();
  const elapsed = () => Math.round(performance.now() - start);
  const report = (leg: Leg) => {
    context.onLeg(leg);
    return leg;
  };
  try {
    const value = await within(limitMs, { kind: "time-limit", limitMs }, context.signal, work);
    return { leg: report({ name, url, ok: true, ms: elapsed() }), value };
  } catch (error) {
    const ms = elapsed();
    context.signal.throwIfAborted();
    if (error instanceof NotApplicable)
      return { leg: report({ name, url, ok: true, na: error.message, ms }) };
    const livekitRuns = await context.livekitRuns;
    const { cause, mend } = explain(findingOf(error), {
      livekitRuns,
      url,
      ownStack: context.target.stack !== undefined,
    });
    return { leg: report({ name, url, ok: false, ms, cause, ...(mend && { mend }) }) };
  }
}

/** A leg that cannot work with this deployment. */
export const legNotApplicable = async (
  context: Context,
  plan: LegPlan,
  reason: string,
): Promise<Leg> => (await tryLeg(context, plan, async () => notApplicable(reason))).leg;

/** Ends a leg that builds on one that failed. */
export function notTried(because: string): never {
  throw new LegFailure({ kind: "not-tried", because });
}
