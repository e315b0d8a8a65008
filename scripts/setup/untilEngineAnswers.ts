/** Waits for a Docker Engine that was just started. */
import { setTimeout as sleep } from "node:timers/promises";
import type { DockerEngine } from "../../machine/dockerEngine.ts";
import { EngineError } from "../../machine/engineError.ts";
import { UserError } from "../userError.ts";
import { likelyCause } from "./engineAction.ts";
import { engineLog } from "./ownEngine.ts";
import type { StartedEngine } from "./ownEngine.ts";

const ANSWER_LIMIT_MS = 60_000;
const POLL_MS = 200;

/** Why the engine does not answer; nothing when it does. */
export async function silence(engine: DockerEngine): Promise<EngineError | undefined> {
  try {
    await engine.ping();
    return undefined;
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
}

/** What to tell of a daemon that ended, or never answered: its last words and what they mean. */
function failure(error: EngineError, { alive, lastLines }: StartedEngine): UserError {
  const lines = lastLines();
  const cause = likelyCause(lines);
  const what = alive() ? error.what : "the Docker Engine ended right after its start";
  return new UserError(
    [what, ...lines].join("\n"),
    [cause === undefined ? error.mend : `likely: ${cause}`, `its log: ${engineLog()}`],
    { cause: error },
  );
}

/**
 * Returns once the engine answers. Throws a UserError when it forbids us or gives no answer within
 * 60 s, and as soon as a daemon that we `started` ended.
 */
export async function untilEngineAnswers(
  engine: DockerEngine,
  started?: StartedEngine,
): Promise<void> {
  const end = performance.now() + ANSWER_LIMIT_MS;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- a poll waits
    const error = await silence(engine);
    if (!error) return;
    const absent = error.kind === "missing" || error.kind === "refused";
    const over = started?.alive() === false || performance.now() > end;
    if (absent && started && over) throw failure(error, started);
    if (!absent || over) throw new UserError(error.what, [error.mend], { cause: error });
    // oxlint-disable-next-line no-await-in-loop -- a poll waits
    await sleep(POLL_MS);
  }
}
