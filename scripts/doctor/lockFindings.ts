/** What the locks of a stack mean. */
import { hostname } from "node:os";
import { processAt } from "../../machine/processes.ts";
import { npmRun } from "../npmRun.ts";
import { judgeLock, type LockFile, type Verdict, type Witnesses } from "../pulumi/lock.ts";
import { lockFiles, lockFolder } from "../pulumi/settleLocks.ts";
import type { FilePlace } from "../pulumi/backendFolder.ts";
import { problem, warning, type Finding } from "./finding.ts";

const since = (timestamp: string) => `${timestamp.slice(0, 19).replace("T", " ")} UTC`;

/** What one lock means, and what to do about it. */
export function lockFinding(verdict: Verdict, { path }: LockFile, stack: string): Finding {
  const { state, lock } = verdict;
  if (state === "elsewhere")
    return warning(
      `the stack is locked by process ${lock.pid} on ${lock.hostname} since ${since(lock.timestamp)}`,
      `wait for it; if it has ended: rm ${path}`,
    );
  if (state === "held")
    return warning(
      lock
        ? `the stack is being changed by process ${lock.pid} since ${since(lock.timestamp)}`
        : "the stack is being changed by a process that has just begun",
      "wait for it",
    );
  return problem(
    lock
      ? `the stack is locked by process ${lock.pid}, which ended without giving the lock back`
      : "the stack has a lock that was never finished",
    `${npmRun("up", stack)} removes the lock and goes on`,
  );
}

/** Every lock of a stack, as findings; `busy` says that an operation may be under way. */
export function lockFindings(
  place: FilePlace,
  now: Date,
): { readonly findings: readonly Finding[]; readonly busy: boolean } {
  const folder = lockFolder(place);
  const witnesses: Witnesses = { hostname: hostname(), now: now.getTime(), processAt };
  const judged = (folder === undefined ? [] : lockFiles(folder)).map((file) => ({
    file,
    verdict: judgeLock(file, witnesses),
  }));
  return {
    findings: judged.map(({ file, verdict }) => lockFinding(verdict, file, place.stack)),
    busy: judged.some(({ verdict }) => verdict.state !== "left"),
  };
}
