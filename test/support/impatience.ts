import type { Patience } from "../../scripts/pulumi/patience.ts";

/** A patience by a clock of its own, which only sleeping moves; `told` holds what was said. */
export function impatience({ limitMs = 60_000, now = Date.now() } = {}) {
  const told: string[] = [];
  let time = now;
  const patience: Patience = {
    now: () => time,
    // A real pause as well, so that what is waited for gets its turn.
    sleep: async (ms) => {
      time += ms;
      await new Promise((resolve) => setTimeout(resolve, 5));
    },
    limitMs,
    tell: (line) => told.push(line),
  };
  return { patience, told };
}
