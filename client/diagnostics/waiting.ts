/** Waiting for what a browser tells by events, within a limit, until the run is cancelled. */

/** A stage of a check failed, and why; both are for people. */
export class StageFailed extends Error {
  readonly stage: string;

  constructor(stage: string, why: string) {
    super(why);
    this.stage = stage;
  }
}

/** How long, and until when. */
export interface Wait {
  readonly withinMs: number;
  /** The run's; what is waited for then throws its reason. */
  readonly signal: AbortSignal;
}

/** Whether `ready` comes true in time; asked at once and after each of the events. */
export function comesTrue(
  target: EventTarget,
  events: readonly string[],
  ready: () => boolean,
  { withinMs, signal }: Wait,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(limit);
      signal.removeEventListener("abort", cancelled);
      for (const it of events) target.removeEventListener(it, look);
    };
    const end = (came: boolean) => {
      stop();
      resolve(came);
    };
    const look = () => {
      if (ready()) end(true);
    };
    const cancelled = () => {
      stop();
      reject(reasonOf(signal));
    };
    const limit = setTimeout(() => end(ready()), withinMs);
    for (const it of events) target.addEventListener(it, look);
    signal.addEventListener("abort", cancelled);
    if (signal.aborted) cancelled();
    else look();
  });
}

/** Lets time pass. */
export const pause = async (withinMs: number, signal: AbortSignal): Promise<void> =>
  void (await comesTrue(new EventTarget(), [], () => false, { withinMs, signal }));

const reasonOf = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason));
