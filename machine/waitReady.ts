import { setTimeout as sleep } from "node:timers/promises";
import type { NodeAnswer } from "./askReady.ts";

export interface Patience {
  /** How long to go on asking, in seconds. */
  readonly seconds: number;
  /** Between two questions. Default: 3 s. */
  readonly everyMs?: number;
  /** Goes forward only. Default: `performance.now`. */
  readonly clockMs?: () => number;
}

/** How often in a row a refusal is heard before it counts: for some seconds an address that moved leads to the node before. */
const REFUSALS = 5;

/**
 * Asks until the answer is "ready", a refusal that stays, or patience ends; at least once. `tell` hears why
 * the node is not ready, each reason as it comes up. Comes to the last answer.
 */
export async function waitReady(
  ask: () => Promise<NodeAnswer>,
  { seconds, everyMs = 3_000, clockMs = () => performance.now() }: Patience,
  tell: (why: string) => Promise<void>,
): Promise<NodeAnswer> {
  const end = clockMs() + seconds * 1000;
  let told: string | undefined;
  let refusals = 0;
  for (;;) {
    const answer = await ask();
    if (answer.ready) return answer;
    refusals = answer.refused ? refusals + 1 : 0;
    if (refusals === REFUSALS || clockMs() >= end) return answer;
    if (answer.why !== told) await tell(answer.why);
    told = answer.why;
    await sleep(everyMs);
  }
}
