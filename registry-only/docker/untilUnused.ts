import { EngineError } from "../../machine/engineError.ts";
import type { Clock } from "./clock.ts";

const limitMs = 30_000;
const pauseMs = 250;

/**
 * Removes what may still be held by a container that is on its way out: repeats for up to 30 s, as the
 * official provider does, while the engine's refusal matches `inUse`.
 */
export async function untilUnused(
  clock: Clock,
  inUse: RegExp,
  remove: () => Promise<void>,
): Promise<void> {
  const end = clock.now() + limitMs;
  for (;;) {
    try {
      return await remove();
    } catch (error) {
      const busy = error instanceof EngineError && inUse.test(error.message);
      if (!busy || clock.now() >= end) throw error;
    }
    await clock.sleep(pauseMs);
  }
}
