import { setTimeout as sleep } from "node:timers/promises";

const PAUSE_MS = 200;

/** Asks again every 200 ms until it holds; when that takes longer than `withinMs`, throws what `otherwise` says. */
export async function soon(
  holds: () => Promise<boolean>,
  {
    withinMs,
    otherwise,
  }: { readonly withinMs: number; readonly otherwise: () => string | Promise<string> },
): Promise<void> {
  for (const end = Date.now() + withinMs; !(await holds()); await sleep(PAUSE_MS))
    if (Date.now() > end) throw new Error(await otherwise());
}
