/** Sees that no lock keeps Pulumi from a stack: waits for the living, removes those of the dead. */
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { processAt } from "../../machine/processes.ts";
import { UserError } from "../userError.ts";
import { backendFolder, projectName, type FilePlace } from "./backendFolder.ts";
import { judgeLock, type Lock, type LockFile, type Verdict } from "./lock.ts";
import { spanOf, untilNothing, type Patience } from "./patience.ts";
import { shortName } from "./stackFiles.ts";

/**
 * Returns when the stack has no lock. Throws a UserError for a lock of another machine, and for one that
 * is still held when the patience is at its end. Backends that are no folder settle their locks themselves.
 */
export async function settleLocks(place: FilePlace, patience: Patience): Promise<void> {
  const folder = lockFolder(place);
  if (folder === undefined) return;
  const firstHeld = () => {
    for (const file of lockFiles(folder)) {
      const verdict = judgeLock(file, { hostname: hostname(), now: patience.now(), processAt });
      if (verdict.state === "held") return verdict;
      if (verdict.state === "elsewhere") throw lockedElsewhere(place.stack, file, verdict.lock);
      remove(file);
      patience.tell(`removed the lock ${ofWhom(verdict)}`);
    }
    return undefined;
  };
  await untilNothing(
    firstHeld,
    {
      identify: ({ lock }) => lock?.pid,
      describe: ({ lock }) =>
        `stack "${place.stack}" is locked by ${holder(lock, patience.now())}: waiting for it to end`,
      giveUp: ({ lock }) =>
        new UserError(
          `stack "${place.stack}" is still locked by ${holder(lock, patience.now())}, after ${spanOf(patience.limitMs)} of waiting`,
          [
            "wait for it to end",
            ...(lock ? [`or end it, then run this again: kill -INT ${lock.pid}`] : []),
          ],
        ),
    },
    patience,
  );
}

/** Undefined for a backend that is no folder. */
export function lockFolder(place: FilePlace): string | undefined {
  const folder = backendFolder(place);
  if (folder === undefined) return undefined;
  const name = projectName(place.project);
  return join(folder, ".pulumi", "locks", "organization", name, shortName(place.stack));
}

/** What Pulumi takes for locks: every file there, unfinished ones too, but those with a file's attributes. */
export function lockFiles(folder: string): LockFile[] {
  return entries(folder)
    .filter((name) => !name.endsWith(ATTRIBUTES))
    .flatMap((name) => {
      const path = join(folder, name);
      try {
        return { path, text: readFileSync(path, "utf8"), changedAt: statSync(path).mtimeMs };
      } catch {
        // Just given back.
        return [];
      }
    });
}

const ATTRIBUTES = ".attrs";

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function remove({ path }: LockFile): void {
  for (const it of [path, path + ATTRIBUTES]) rmSync(it, { force: true });
}

/** Whose lock it was, for the line that tells of its removal. */
const ofWhom = ({ lock }: Verdict) =>
  lock
    ? `of pulumi (pid ${lock.pid}), which ended without giving it back`
    : "that was never finished";

const holder = (lock: Lock | undefined, now: number) =>
  lock
    ? `pulumi (pid ${lock.pid}) of ${lock.username}, for ${spanOf(now - Date.parse(lock.timestamp))}`
    : "a pulumi that has just started";

const lockedElsewhere = (
  stack: string,
  { path }: LockFile,
  { pid, username, hostname: machine, timestamp }: Lock,
) =>
  new UserError(
    `stack "${stack}" is locked by ${username} on ${machine} (pid ${pid}, since ${timestamp}), and whether that is at work cannot be seen from here`,
    [
      `wait until it has ended; if it has, and left its lock: rm ${JSON.stringify(path)}`,
      `(${machine} may also be an earlier name of this machine)`,
    ],
  );
