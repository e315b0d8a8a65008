/** Processes of Pulumi that outlived the command which started them. */
import { processesWith, type SeenProcess } from "../../machine/processes.ts";
import { UserError } from "../userError.ts";
import { spanOf, untilNothing, type Patience } from "./patience.ts";

/** Everything that Pulumi starts for a stack inherits this variable with the stack's key. */
export const STACK_MARK = "TURNKEY_STACK_KEY";

/** What to do next about the processes that are left. */
export type Step =
  | { readonly do: "nothing" }
  /** A CLI still works: what it does is whole only when it ends by itself. */
  | { readonly do: "wait"; readonly cli: SeenProcess }
  /** Plugins without a CLI: nobody would ever hear what they have done. */
  | { readonly do: "end"; readonly pids: readonly number[] };

/** Decides what to do about processes of a stack that nobody is working on. */
export function stepFor(strays: readonly SeenProcess[]): Step {
  const cli = strays.find(({ command }) => command === "pulumi");
  if (cli) return { do: "wait", cli };
  return strays.length === 0
    ? { do: "nothing" }
    : { do: "end", pids: strays.map(({ pid }) => pid) };
}

/** How long plugins get to notice by themselves that their CLI is gone, and then to obey SIGTERM. */
const GRACE_MS = 2_000;

/**
 * Returns when no process of that stack is left: waits for a CLI, ends plugins that have lost theirs.
 * Throws a UserError when the CLI is still there and the patience at its end. Linux only.
 */
export async function settleStrays(
  { stack, key }: { readonly stack: string; readonly key: string },
  patience: Patience,
): Promise<void> {
  const step = () => stepFor(processesWith(STACK_MARK, key));
  await untilNothing(
    () => {
      const next = step();
      return next.do === "wait" ? next.cli : undefined;
    },
    {
      identify: ({ pid }) => pid,
      describe: ({ pid }) =>
        `the command that started pulumi (pid ${pid}) for stack "${stack}" was killed: waiting for pulumi to end`,
      giveUp: ({ pid }) =>
        new UserError(
          `pulumi (pid ${pid}), whose command was killed, still works on stack "${stack}" after ${spanOf(patience.limitMs)} of waiting`,
          [`end it, then run this again: kill -INT ${pid}`],
        ),
    },
    patience,
  );
  const ended = new Set<number>();
  const startedAt = patience.now();
  for (let next = step(); next.do === "end"; next = step()) {
    const waited = patience.now() - startedAt;
    const signal = waited < GRACE_MS ? 0 : waited < 2 * GRACE_MS ? "SIGTERM" : "SIGKILL";
    for (const pid of next.pids) if (send(pid, signal) && signal !== 0) ended.add(pid);
    await patience.sleep(50);
  }
  if (ended.size > 0)
    patience.tell(
      `ended what a killed pulumi left running: ${[...ended].map((pid) => `pid ${pid}`).join(", ")}`,
    );
}

/** Whether the process was still there. */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
