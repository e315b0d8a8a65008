/** What this machine tells of its processes: on Linux from /proc, elsewhere only whether one exists. */
import { readdirSync, readFileSync } from "node:fs";
import { types } from "node:util";

/** A process that has not ended. */
export interface SeenProcess {
  readonly pid: number;
  /** The name of its program, at most 15 characters; undefined where that cannot be seen. */
  readonly command: string | undefined;
  /** For how long it has been there; undefined where that cannot be seen. */
  readonly ageSeconds: number | undefined;
}

/** The part of `/proc/PID/stat` that is used (proc_pid_stat(5)). */
export interface ProcessStat {
  readonly command: string;
  /** One letter; `Z` and `X` are processes that have ended and that nobody has asked about yet. */
  readonly state: string;
  /** When it started, in ticks since the machine did. */
  readonly startTicks: number;
}

/** Ticks a second in what Linux tells programs (USER_HZ, the same on every architecture we run on). */
const TICKS = 100;

/** Undefined for a text that is no such line. The command may hold blanks and brackets itself. */
export function parseStat(text: string): ProcessStat | undefined {
  const end = text.lastIndexOf(")");
  const [state, ...rest] = text.slice(end + 2).split(" ");
  // The state is the third field, the start the 22nd.
  const startTicks = Number(rest[18]);
  if (end < 0 || !state || Number.isNaN(startTicks)) return undefined;
  return { command: text.slice(text.indexOf("(") + 1, end), state, startTicks };
}

/** The process of that number, undefined when there is none or it has ended. */
export function processAt(pid: number): SeenProcess | undefined {
  const stat = statOf(pid);
  if (!stat) return exists(pid) ? { pid, command: undefined, ageSeconds: undefined } : undefined;
  if (stat.state === "Z" || stat.state === "X") return undefined;
  const own = statOf(process.pid);
  return {
    pid,
    command: stat.command,
    // Against ourselves, as a container may be told another time since the start than its processes.
    ageSeconds: own && process.uptime() + (own.startTicks - stat.startTicks) / TICKS,
  };
}

/** This user's processes that were started with `variable` set to `value`; none but on Linux. */
export function processesWith(variable: string, value: string): SeenProcess[] {
  const wanted = `\0${variable}=${value}\0`;
  return pids().flatMap((pid) =>
    `\0${textOf(`/proc/${pid}/environ`)}`.includes(wanted) ? (processAt(pid) ?? []) : [],
  );
}

function pids(): number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

const statOf = (pid: number) => parseStat(textOf(`/proc/${pid}/stat`));

/** Empty for a process that has just ended and for another user's. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It is there and another user's.
    return types.isNativeError(error) && "code" in error && error.code === "EPERM";
  }
}
