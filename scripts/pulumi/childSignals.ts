/** Passes signals on to a child so that it gets each exactly once. */
import type { ChildProcess } from "node:child_process";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** npm repeats a signal that its whole process group got anyway; people press again more slowly. */
const REPEAT_MS = 500;

/**
 * Starts a child; while it runs this process survives signals and the child decides how to end. A
 * second SIGINT makes Pulumi drop what is under way, so none may reach it twice: in a terminal Ctrl-C
 * goes to the child directly (it shares the process group) and is not repeated here; without one the
 * child sits in a group of its own and gets everything from here, repetitions within 500 ms left out.
 * We listen before the child is there: one that came while it starts would end us and leave it behind.
 */
export function startPassingSignals(
  start: () => ChildProcess,
  { inTerminal }: { inTerminal: boolean },
): ChildProcess {
  const last = new Map<NodeJS.Signals, number>();
  const pass = (signal: NodeJS.Signals) => {
    if (inTerminal && signal === "SIGINT") return;
    const now = performance.now();
    if (now - (last.get(signal) ?? Number.NEGATIVE_INFINITY) > REPEAT_MS) child.kill(signal);
    last.set(signal, now);
  };
  for (const signal of SIGNALS) process.on(signal, pass);
  const child = start();
  child.once("close", () => {
    for (const signal of SIGNALS) process.off(signal, pass);
  });
  return child;
}
