import { setTimeout as sleep } from "node:timers/promises";

/** Asks again every 10 ms until there is an answer; throws after `withinMs`. */
export async function until<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  withinMs = 5_000,
): Promise<T> {
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(10)) {
    const answer = await ask();
    if (answer) return answer;
  }
  throw new Error(`nothing came within ${withinMs} ms`);
}

/** Whether a process exists. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
