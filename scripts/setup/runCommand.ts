/** Runs a tool of the set-up: its output becomes progress, its last lines the reason of a failure. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { StepContext } from "./runStep.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Environment;
}

const LAST_LINES = 12;

/** A command that could not be started or ended with anything but 0. */
export class CommandFailed extends Error {
  override readonly name = "CommandFailed";
  /** The end of what it printed. */
  readonly lines: readonly string[];
  /** `ENOENT` when there is no such program. */
  readonly code: string | number;

  constructor({ file, args }: Command, code: string | number, lines: readonly string[]) {
    super(`${[file, ...args].join(" ")} failed (${code})`);
    this.code = code;
    this.lines = lines;
  }
}

/** Runs it to its end and gives its standard output. Throws CommandFailed. */
export function runCommand(command: Command, context?: StepContext): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: command.env ?? process.env,
    stdio: ["ignore", "pipe", "pipe"],
    signal: context?.signal,
  });
  const output: string[] = [];
  let lines: string[] = [];
  const collect = (line: string) => {
    if (line.trim() === "") return;
    lines = [...lines, line].slice(-LAST_LINES);
    context?.report(line.trim());
  };
  createInterface(child.stdout).on("line", (line) => {
    output.push(line);
    collect(line);
  });
  createInterface(child.stderr).on("line", collect);
  child.on("error", (error: NodeJS.ErrnoException) => {
    reject(new CommandFailed(command, error.code ?? error.message, lines));
  });
  child.on("close", (code, signal) => {
    if (code === 0) resolve(output.join("\n"));
    else reject(new CommandFailed(command, code ?? signal ?? "no exit code", lines));
  });
  return promise;
}
