/** Pulumi's lock of a stack in a file backend, and whether the one who took it is still there. */
import * as z from "zod";
import type { SeenProcess } from "../../machine/processes.ts";

/** What the file of a lock holds (pkg/backend/diy/lock.go, `lockContent`). */
const Lock = z.object({
  pid: z.int().positive(),
  username: z.string(),
  hostname: z.string(),
  timestamp: z.iso.datetime({ offset: true }),
});
export type Lock = z.infer<typeof Lock>;

/** The file of a lock; `changedAt` in milliseconds since 1970. */
export interface LockFile {
  readonly path: string;
  readonly text: string;
  readonly changedAt: number;
}

/** What a lock is judged by. */
export interface Witnesses {
  readonly hostname: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly processAt: (pid: number) => SeenProcess | undefined;
}

export type Verdict =
  /** Who took it is still at work, or may be: `lock` is undefined for a file that is being written. */
  | { readonly state: "held"; readonly lock: Lock | undefined }
  /** Who took it has ended; undefined as above, for one that was killed while it wrote. */
  | { readonly state: "left"; readonly lock: Lock | undefined }
  /** Taken on another machine, of whose processes nothing is known here. */
  | { readonly state: "elsewhere"; readonly lock: Lock };

/** How long the writing of a lock, which is one small file, can possibly take. */
const WRITING_MS = 5_000;
/** By how much a lock may seem older than the process that took it, as clocks are set now and then. */
const CLOCK_SLACK_SECONDS = 60;

/** Judges one lock. A process counts as the one that took it unless something speaks against it. */
export function judgeLock(file: LockFile, { hostname, now, processAt }: Witnesses): Verdict {
  const lock = parseLock(file.text);
  if (!lock) return { state: now - file.changedAt > WRITING_MS ? "left" : "held", lock: undefined };
  if (lock.hostname !== hostname) return { state: "elsewhere", lock };
  const found = processAt(lock.pid);
  return { state: found && mayHaveTaken(found, lock, now) ? "held" : "left", lock };
}

/** Numbers of processes are given again: another program, or one younger than the lock, did not take it. */
function mayHaveTaken({ command, ageSeconds }: SeenProcess, lock: Lock, now: number): boolean {
  if (command !== undefined && !command.startsWith("pulumi")) return false;
  const lockSeconds = (now - Date.parse(lock.timestamp)) / 1_000;
  return ageSeconds === undefined || ageSeconds + CLOCK_SLACK_SECONDS >= lockSeconds;
}

function parseLock(text: string): Lock | undefined {
  try {
    return Lock.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
