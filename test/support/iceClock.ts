/** A machine's time for tests of the client library: it stands still until it is told to go on. */
import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../client/ice/clock.ts";

export interface TestClock extends Clock {
  /** Lets time pass: timers fire when they are due, and what they start gets its turns. */
  pass(ms: number): Promise<void>;
  /** The machine sleeps: the wall clock alone goes on, so timers are late by as much. */
  sleep(ms: number): void;
  /** Somebody sets the wall clock, forward or back. */
  set(ms: number): void;
  /** How many timers are waiting. */
  readonly waiting: number;
}

async function settle(): Promise<void> {
  // Answers with a body take several turns.
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  for (let turn = 0; turn < 10; turn += 1) await setImmediate();
}

export function testClock(start = Date.parse("2030-01-01T00:00:00Z")): TestClock {
  let wall = start;
  let steady = 0;
  const timers = new Map<object, { readonly at: number; readonly callback: () => void }>();
  const nextBefore = (end: number) =>
    [...timers].filter(([, { at }]) => at <= end).toSorted((a, b) => a[1].at - b[1].at)[0];
  const goTo = (at: number) => {
    const step = Math.max(0, at - steady);
    wall += step;
    steady += step;
  };
  return {
    now: () => wall,
    monotonic: () => steady,
    setTimeout: (callback, ms) => {
      const key = {};
      timers.set(key, { at: steady + ms, callback });
      return () => void timers.delete(key);
    },
    pass: async (ms) => {
      const end = steady + ms;
      await settle();
      for (let next = nextBefore(end); next; next = nextBefore(end)) {
        const [key, { at, callback }] = next;
        timers.delete(key);
        goTo(at);
        callback();
        // oxlint-disable-next-line no-await-in-loop -- one timer after the other
        await settle();
      }
      goTo(end);
    },
    sleep: (ms) => {
      wall += ms;
    },
    set: (ms) => {
      wall += ms;
    },
    get waiting() {
      return timers.size;
    },
  };
}
