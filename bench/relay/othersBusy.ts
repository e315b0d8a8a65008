/** Whether a machine is at rest. */
import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

const WATCHED_MS = 2_000;

function times(): { readonly idle: number; readonly all: number } {
  const each = cpus().map(({ times: it }) => it);
  const idle = each.reduce((sum, it) => sum + it.idle, 0);
  return { idle, all: each.reduce((sum, it) => sum + it.user + it.nice + it.sys + it.irq, idle) };
}

/** The share of the processors' time, over two seconds, that went to something else. */
export async function othersBusy(): Promise<number> {
  const before = times();
  await sleep(WATCHED_MS);
  const after = times();
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}
