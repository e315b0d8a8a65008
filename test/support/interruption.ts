/** Commands of a checkout that are interrupted at a line of their output. */
import { readdirSync, readFileSync } from "node:fs";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Started } from "./checkout.ts";

/** Longer than npm takes to repeat a signal, which counts as one. */
const SECOND_PRESS_MS = 700;

export interface Interruption {
  readonly by: string;
  readonly interrupt: (child: Started) => void | Promise<void>;
}

/** The ways to interrupt a command: `bootstrap.mjs` is what npm runs, our command its child, the CLI that one's. */
export const interruptions: readonly Interruption[] = [
  {
    by: "SIGINT once",
    interrupt(child) {
      child.kill("SIGINT");
    },
  },
  {
    by: "SIGINT twice",
    async interrupt(child) {
      child.kill("SIGINT");
      await sleep(SECOND_PRESS_MS);
      child.kill("SIGINT");
    },
  },
  {
    by: "SIGKILL of what npm runs",
    interrupt(child) {
      child.kill("SIGKILL");
    },
  },
  {
    by: "SIGKILL of all but the CLI and its plugins",
    interrupt: ({ pid = 0 }) => killAll([pid, ...childrenOf(pid)]),
  },
  {
    by: "SIGKILL of everything",
    interrupt: ({ pid = 0 }) => killAll([pid, ...descendantsOf(pid)]),
  },
];

/** A command whose output is listened to. */
export interface Heard {
  readonly child: Started;
  /** Everything it has said so far. */
  said(): string;
  /** Resolves when it has said so many lines; false when it ended before. */
  lines(count: number): Promise<boolean>;
  /** Resolves to the exit code when the process is gone, though others may still hold its output. */
  readonly ended: Promise<number | null>;
}

export function hear(child: Started): Heard {
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => said.push(text));
  let over = false;
  const ended = once(child, "exit").then(([code]: (number | null)[]) => {
    over = true;
    return code ?? null;
  });
  return {
    child,
    said: () => said.join(""),
    async lines(count) {
      while (linesIn(said.join("")) < count) {
        if (over) return false;
        await sleep(5);
      }
      return true;
    },
    ended,
  };
}

export const linesIn = (text: string): number => text.split("\n").length - 1;

function killAll(pids: readonly number[]): void {
  for (const pid of pids)
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It went with its parent.
    }
}

function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((it) => /^\d+$/.test(it))
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === parent;
      } catch {
        return false;
      }
    })
    .map(Number);
}

const descendantsOf = (pid: number): number[] =>
  childrenOf(pid).flatMap((it) => [it, ...descendantsOf(it)]);
