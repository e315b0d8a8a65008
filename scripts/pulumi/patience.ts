/** Waiting for what another process holds: how long, by which clock, and who hears of it. */
import { setTimeout as sleep } from "node:timers/promises";

export interface Patience {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** After how long to give up, in milliseconds. */
  readonly limitMs: number;
  /** Says in one line what is waited for, or what was mended. */
  readonly tell: (line: string) => void;
}

/** Ten minutes, longer than any deployment to Docker takes, told on stderr. */
export const patient: Patience = {
  now: () => Date.now(),
  sleep,
  limitMs: 10 * 60_000,
  tell: (line) => process.stderr.write(`${line}\n`),
};

/** A time span in words: `40 s`, `12 min`. */
export const spanOf = (ms: number): string =>
  ms < 120_000 ? `${Math.max(0, Math.round(ms / 1_000))} s` : `${Math.round(ms / 60_000)} min`;

const STEP_MS = 200;

/** How one kind of thing is waited for. */
export interface Awaited<T> {
  /** Tells one from another, as each is told of once. */
  readonly identify: (it: T) => unknown;
  /** The line that says what is waited for. */
  readonly describe: (it: T) => string;
  /** The error for what is still there when the patience is at its end. */
  readonly giveUp: (it: T) => Error;
}

/** Asks again and again until `ask` gives undefined. */
export async function untilNothing<T>(
  ask: () => T | undefined,
  { identify, describe, giveUp }: Awaited<T>,
  { now, sleep: pause, limitMs, tell }: Patience,
): Promise<void> {
  const end = now() + limitMs;
  const told = new Set<unknown>();
  for (let it = ask(); it !== undefined; it = ask()) {
    if (now() >= end) throw giveUp(it);
    if (!told.has(identify(it))) tell(describe(it));
    told.add(identify(it));
    await pause(STEP_MS);
  }
}
