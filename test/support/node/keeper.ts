/** Undoes what a test made, whatever becomes of the test: it may be interrupted, or killed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { shellWord } from "../../../scripts/shellWord.ts";

/**
 * A process of its own, which no signal of the terminal reaches: it reads commands, and runs them, the last one
 * first, once nobody can send more.
 */
const SCRIPT = `trap '' PIPE
undo=
while IFS= read -r line; do undo="$line
$undo"; done
failed=0
while IFS= read -r line; do
  [ -z "$line" ] || sh -c "$line" </dev/null || failed=1
done <<END
$undo
END
exit "$failed"`;

export interface Keeper {
  /** Notes what undoes the step that comes next. It has to do no harm where that step was never made. */
  note(...command: readonly string[]): void;
  /** Undoes everything. Throws what commands that failed have said. */
  undo(): Promise<void>;
}

/** Does something, and undoes everything when that fails. Throws why, and what is left behind that. */
export async function orUndo<T>(keeper: Keeper, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await keeper.undo().catch((left: unknown) => {
      throw new Error(String(left), { cause: error });
    });
    throw error;
  }
}

/** Starts it; every step is to be noted before it is made. */
export function startKeeper(): Keeper {
  const child = spawn("sh", ["-c", SCRIPT], { detached: true, stdio: ["pipe", "ignore", "pipe"] });
  child.unref();
  const said = text(child.stderr);
  return {
    note: (...command) => void child.stdin.write(`${command.map(shellWord).join(" ")}\n`),
    undo: async () => {
      const ended = once(child, "exit");
      child.ref();
      child.stdin.end();
      const [code] = await ended;
      if (code !== 0) throw new Error(`not all was undone:\n${await said}`);
    },
  };
}
