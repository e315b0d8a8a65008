/** Waits until a deployment answers as its clients need it. */
import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../userError.ts";
import { describeSeen, type Seen, type WrongName } from "./readyAnswer.ts";

/** How to wait, for whom and by which clock. */
export interface Waiting {
  /** One look. */
  readonly look: (signal: AbortSignal) => Promise<Seen>;
  /** Hears what is waited for, after every look. */
  readonly report: (line: string) => void;
  /** Hears of names that lead elsewhere, each time they are others. */
  readonly onWrongNames: (wrong: readonly WrongName[]) => void;
  /** After how long to give up, in milliseconds. */
  readonly limitMs: number;
  /** Ends the waiting: it rejects with the reason. */
  readonly signal: AbortSignal;
  /** Milliseconds since any moment. Default: this process's clock. */
  readonly now?: () => number;
  /** Default: the time itself. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

const STEP_MS = 2_000;

/** Nothing is wrong with what was asked for; it is not there yet. */
export class NotReady extends UserError {}

/**
 * Returns when the deployment is ready. Throws a NotReady with what was seen last when the time is up, and at
 * once when the node refuses what was deployed: waiting mends that never.
 */
export async function untilReady({
  look,
  report,
  onWrongNames,
  limitMs,
  signal,
  now = () => performance.now(),
  sleep = (ms, ended) => delay(ms, undefined, { signal: ended }),
}: Waiting): Promise<void> {
  const end = now() + limitMs;
  let told = "";
  for (;;) {
    const seen = await look(signal);
    if (seen.kind === "ready") return;
    const line = describeSeen(seen);
    report(line);
    if (seen.kind === "names" && line !== told) onWrongNames(seen.wrong);
    if (seen.kind === "names") told = line;
    if (seen.kind === "document" && seen.refused) throw new NotReady(line);
    if (now() >= end)
      throw new NotReady(
        `the deployment is not ready after ${Math.round(limitMs / 1000)} s: ${line}`,
      );
    await sleep(STEP_MS, signal);
  }
}
