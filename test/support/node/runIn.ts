/** Programs of ours in a network namespace, with a task as JSON on their standard input. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { asRoot } from "./asRoot.ts";
import { nodeProgram } from "./nodeProgram.ts";

/** How a program ended, and what it said. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly printed: string;
  readonly errors: string;
}

/** Runs a file of this folder to its end, however that is. */
export async function endOf(namespace: string, file: string, task: unknown): Promise<Ended> {
  const program = nodeProgram(join(import.meta.dirname, file));
  const [first = "ip", ...args] = asRoot("ip", "netns", "exec", namespace, ...program);
  const child = spawn(first, args, { stdio: ["pipe", "pipe", "pipe"] });
  // Who ended before it read all of it says why on its own.
  child.stdin.on("error", () => undefined);
  child.stdin.end(JSON.stringify(task));
  const told = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, "close");
  const [printed, errors] = await told;
  return { code, printed, errors };
}

/** Runs a file of this folder, and gives what it printed. Throws what it said when it fails. */
export async function runIn(namespace: string, file: string, task: unknown): Promise<string> {
  const { code, printed, errors } = await endOf(namespace, file, task);
  if (code !== 0) throw new Error(`${file} failed in ${namespace}: ${errors.trim()}`);
  return printed;
}
