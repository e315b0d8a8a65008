import { setTimeout as sleep } from "node:timers/promises";
import type { DockerEngine } from "../machine/dockerEngine.ts";
import { look } from "../machine/look.ts";

const POLL_MS = 50;
const LIMIT_MS = 60_000;

/** Waits until a container's health check has passed. Throws after a minute. */
export async function untilHealthy(engine: DockerEngine, name: string): Promise<void> {
  const end = performance.now() + LIMIT_MS;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- a poll waits
    const it = look(await engine.json("GET", `/containers/${name}/json`));
    if (it.text("State", "Health", "Status") === "healthy") return;
    if (performance.now() > end) throw new Error(`${name} is not healthy after ${LIMIT_MS} ms`);
    // oxlint-disable-next-line no-await-in-loop -- a poll waits
    await sleep(POLL_MS);
  }
}
