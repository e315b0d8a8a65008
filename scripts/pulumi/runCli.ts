/** Starts the Pulumi CLI: its binary itself, as npm's wrapper dies of a signal and leaves the CLI behind. */
import { spawn, type StdioOptions } from "node:child_process";
import { constants } from "node:os";
import { text } from "node:stream/consumers";
import { startPassingSignals } from "./childSignals.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Exit code of the CLI for a stack that does not exist (pkg/cmd/pulumi/cmd/exit_codes.go). */
export const STACK_NOT_FOUND = 6;

export interface CliCall {
  /** Absolute path of the CLI. */
  readonly cli: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Environment;
}

export interface CliAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Ended = [code: number | null, signal: NodeJS.Signals | null];

/** As a shell reports it: 128 and the signal's number for a process that a signal ended. */
const exitCode = ([code, signal]: Ended) => code ?? 128 + (signal ? constants.signals[signal] : 0);

function ended(child: ReturnType<typeof spawn>): Promise<Ended> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (...end) => resolve(end));
  });
}

/** Runs it and collects what it prints; it cannot ask anything. */
export async function askCli({ cli, args, cwd, env }: CliCall): Promise<CliAnswer> {
  const child = spawn(cli, [...args, "--non-interactive"], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [end, stdout, stderr] = await Promise.all([
    ended(child),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code: exitCode(end), stdout, stderr };
}

export interface ForegroundCall extends CliCall {
  /** Where what it prints goes: a command with an answer of its own keeps stdout for that. Default: stdout. */
  readonly printTo?: "stdout" | "stderr" | undefined;
}

/** Runs it in the foreground, on our own terminal, and gives its exit code. */
export async function runCli({
  cli,
  args,
  cwd,
  env,
  printTo = "stdout",
}: ForegroundCall): Promise<number> {
  const inTerminal = process.stdin.isTTY;
  const stdio: StdioOptions = ["inherit", printTo === "stdout" ? 1 : 2, 2];
  const start = () => spawn(cli, args, { cwd, env, stdio, detached: !inTerminal });
  const child = startPassingSignals(start, { inTerminal });
  return exitCode(await ended(child));
}
