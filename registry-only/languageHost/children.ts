import { spawn } from "node:child_process";
import type { ChildProcess, SpawnOptions } from "node:child_process";
import { isNativeError } from "node:util/types";

const graceMs = 5_000;

/** How a child ended: its exit code, or the signal that ended it. */
export type Ending = { readonly code: number } | { readonly signal: NodeJS.Signals };

/** The processes this host has started: none outlives it. */
export class Children {
  readonly #running = new Set<ChildProcess>();

  /**
   * Runs a command to its end. When `ended` fires it is interrupted, and killed 5 s later. Rejects
   * when the command cannot be started.
   */
  async run(
    command: string,
    args: readonly string[],
    options: SpawnOptions,
    ended: AbortSignal,
    started?: (child: ChildProcess) => void,
  ): Promise<Ending> {
    const child = spawn(command, args, options);
    this.#running.add(child);
    const interrupt = () => endSoon(child);
    ended.addEventListener("abort", interrupt, { once: true });
    try {
      started?.(child);
      return await new Promise<Ending>((resolve, reject) => {
        child.on("error", reject);
        child.on("close", (code, signal) =>
          resolve(signal === null ? { code: code ?? 0 } : { signal }),
        );
      });
    } finally {
      ended.removeEventListener("abort", interrupt);
      this.#running.delete(child);
    }
  }

  /** Asks every child to end, and kills it 5 s later. */
  interrupt(): void {
    for (const child of this.#running) endSoon(child);
  }

  /** Ends every child at once. */
  kill(): void {
    for (const child of this.#running) child.kill("SIGKILL");
  }
}

function endSoon(child: ChildProcess): void {
  child.kill("SIGINT");
  const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  child.once("close", () => clearTimeout(timer));
}

/** Why a command could not be started, in words for the user. */
export function startError(command: string, error: unknown): string {
  if (!isNativeError(error)) return String(error);
  const missing = "code" in error && error.code === "ENOENT";
  return missing ? `could not find ${command} on the PATH` : error.message;
}
