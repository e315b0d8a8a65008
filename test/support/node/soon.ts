import { setTimeout as sleep } from "node:timers/promises";

const PAUSE_MS = 500;

/** Asks again every half second until it holds; when that takes longer than `withinMs`, throws what `otherwise` says. */
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
