/** Time as the library meets it; another one makes tests quick. */
export interface Clock {
  /** Ms since the epoch. Goes on while the machine sleeps, but may be set. */
  now(): number;
  /** Ms since some moment. Is never set, but may stand still while the machine sleeps. */
  monotonic(): number;
  /** Calls back once, after `ms`, unless the answer is called before. In the `background`, Node may end first. */
  setTimeout(callback: () => void, ms: number, background?: boolean): () => void;
}

/** The machine's own. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (callback, ms, background = false) => {
    const timer: unknown = setTimeout(callback, ms);
    if (background && typeof timer === "object" && timer !== null && "unref" in timer)
      if (typeof timer.unref === "function") timer.unref();
    // Browsers give a number, and Node's object stands for one.
    return () => clearTimeout(Number(timer));
  },
};

/** A moment on both clocks. */
export interface Mark {
  readonly wall: number;
  readonly steady: number;
}

export const markNow = (clock: Clock): Mark => ({ wall: clock.now(), steady: clock.monotonic() });

/** Ms since a moment, whichever clock says more: one may stand still, the other may be set back. */
export const sinceMark = (clock: Clock, { wall, steady }: Mark): number =>
  Math.max(clock.now() - wall, clock.monotonic() - steady);
