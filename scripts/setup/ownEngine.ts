/** The Docker Engine that Turnkey starts itself where no systemd does: started, recognised, stopped. */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { cacheFolder } from "../../machine/folders.ts";
import { UserError } from "../userError.ts";
import { CommandFailed, runCommand } from "./runCommand.ts";
import { writeWhole } from "./writeWhole.ts";

/** A process, told from a later one of the same id by when it started. */
export const EngineProcess = z.strictObject({
  pid: z.int().positive(),
  /** Clock ticks between the machine's start and the process's (proc(5), stat, field 22). */
  startedAtTicks: z.string().regex(/^\d+$/),
});
export type EngineProcess = z.infer<typeof EngineProcess>;

/** Where the engine's log and identity lie: `npm run clean` spares them while the engine runs. */
export const engineFolder = (cache = cacheFolder()) => join(cache, "engine");
export const engineLog = (cache = cacheFolder()) => join(engineFolder(cache), "dockerd.log");
const engineFile = (cache: string) => join(engineFolder(cache), "dockerd.json");

/**
 * Name and start of a process, out of /proc/PID/stat; the name stands in brackets and may hold any
 * character. None for one that ended and is only not yet collected by its parent.
 */
export function parseStat(stat: string): { name: string; startedAtTicks: string } | undefined {
  const [open, close] = [stat.indexOf("("), stat.lastIndexOf(")")];
  const fields = stat
    .slice(close + 2)
    .trim()
    .split(" ");
  const [state, startedAtTicks] = [fields[0], fields[19]];
  if (open < 0 || startedAtTicks === undefined || state === "Z" || state === "X") return undefined;
  return { name: stat.slice(open + 1, close), startedAtTicks };
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

const identify = (pid: number) => parseStat(readText(`/proc/${pid}/stat`) ?? "");

function isRunning({ pid, startedAtTicks }: EngineProcess): boolean {
  const found = identify(pid);
  return found?.name === "dockerd" && found.startedAtTicks === startedAtTicks;
}

/** The engine we started, as long as it runs. */
export function ownEngine(cache = cacheFolder()): EngineProcess | undefined {
  const text = readText(engineFile(cache));
  if (text === undefined) return undefined;
  const found = EngineProcess.safeParse(JSON.parse(text)).data;
  return found && isRunning(found) ? found : undefined;
}

/** Whether the process is there at all: a dockerd that is starting may still be named after its starter. */
const exists = (pid: number) => identify(pid) !== undefined;

/** An engine that is on its way up. */
export interface StartedEngine {
  /** Whether it still runs. */
  readonly alive: () => boolean;
  /** The end of its log. */
  readonly lastLines: () => string[];
}

/** Starts `dockerd` so that it outlives this process, and remembers it as ours. `before` is what makes it root's, such as sudo. */
export async function startOwnEngine(
  dockerd: string,
  before: readonly string[],
  cache = cacheFolder(),
): Promise<StartedEngine> {
  mkdirSync(engineFolder(cache), { recursive: true });
  const file = engineLog(cache);
  rmSync(file, { force: true });
  // The shell names the daemon's own id, whatever stands before it.
  const script = 'setsid "$0" >"$1" 2>&1 </dev/null & echo $!';
  const [starter, ...args] = [...before, "sh", "-c", script, dockerd, file];
  const pid = Number(await runCommand({ file: starter, args }));
  const found = identify(pid);
  if (found) {
    const own: EngineProcess = { pid, startedAtTicks: found.startedAtTicks };
    writeWhole(engineFile(cache), `${JSON.stringify(own)}\n`);
  }
  return {
    alive: () => exists(pid),
    lastLines: () => (readText(file) ?? "").trim().split("\n").slice(-8),
  };
}

const STOP_LIMIT_MS = 30_000;
const POLL_MS = 100;

/**
 * Stops the engine that Turnkey started, and no other: `none` when there is none. Its containers stop
 * with it. `before` is what makes the signal root's, such as sudo.
 */
export async function stopEngineProcess(
  before: readonly string[],
  cache = cacheFolder(),
): Promise<"stopped" | "none"> {
  const own = ownEngine(cache);
  if (!own) {
    rmSync(engineFile(cache), { force: true });
    return "none";
  }
  const [file, ...args] = [...before, "kill", String(own.pid)];
  try {
    await runCommand({ file, args });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new UserError("the Docker Engine could not be stopped", [`sudo kill ${own.pid}`], {
      cause: error,
    });
  }
  const end = performance.now() + STOP_LIMIT_MS;
  while (isRunning(own)) {
    if (performance.now() > end)
      throw new UserError(
        `the Docker Engine (process ${own.pid}) still runs ${STOP_LIMIT_MS / 1000} s after it was told to stop`,
        [`its log: ${engineLog(cache)}`],
      );
    // oxlint-disable-next-line no-await-in-loop -- a poll waits
    await sleep(POLL_MS);
  }
  rmSync(engineFile(cache), { force: true });
  return "stopped";
}
