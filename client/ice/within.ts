import type { Clock } from "./clock.ts";

/**
 * Resolves once `work`, which never rejects, has ended, or after `ms`; rejects with the reason of the first of
 * `signals` that is aborted before. Leaves no timer and no listener behind.
 */
export function within(
  clock: Clock,
  ms: number,
  signals: readonly AbortSignal[],
  work?: Promise<unknown>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (tell: () => void) => {
      cancel();
      for (const signal of signals) signal.removeEventListener("abort", stop);
      tell();
    };
    const stop = () => {
      const reason: unknown = signals.find((it) => it.aborted)?.reason;
      end(() => reject(reason));
    };
    const done = () => end(resolve);
    const cancel = clock.setTimeout(done, ms);
    void work?.finally(done);
    for (const signal of signals) {
      if (signal.aborted) return stop();
      signal.addEventListener("abort", stop);
    }
  });
}
