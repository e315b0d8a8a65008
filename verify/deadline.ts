import { setTimeout as delay } from "node:timers/promises";
import { type Finding, LegFailure } from "./findings.ts";

/** Waits; rejects with the signal's own reason when it ends first. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/**
 * Runs `work` with a signal that ends after `limitMs` with `finding`, or with the outer signal.
 * `work` must heed it: nothing is abandoned half-way.
 */
export async function within<T>(
  limitMs: number,
  finding: Finding,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new LegFailure(finding)), limitMs);
  const signal = AbortSignal.any([outer, limit.signal]);
  try {
    signal.throwIfAborted();
    return await work(signal);
  } catch (error) {
    signal.throwIfAborted(); // the reason says more than the AbortError it became
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * `Promise.all` that rejects only after every promise has ended, so that nothing goes on behind it.
 */
export async function settled<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

/** A promise for what `start` hands to its callback; rejects when the signal ends first. */
export function promised<T>(
  signal: AbortSignal,
  start: (resolve: (value: T) => void, reject: (error: unknown) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => reject(signal.reason);
    if (signal.aborted) return end();
    signal.addEventListener("abort", end, { once: true });
    const finished = () => signal.removeEventListener("abort", end);
    start(
      (value) => {
        finished();
        resolve(value);
      },
      (error) => {
        finished();
        reject(error);
      },
    );
  });
}
