/** What the services themselves say in their logs, since they were last started, or just before. */
import type { DockerEngine } from "../../../machine/dockerEngine.ts";
import { withQuery } from "../../../machine/dockerEngine.ts";
import { isNotFound } from "../../../machine/engineError.ts";
import { look } from "../../../machine/look.ts";
import { frames } from "../../commands/printLog.ts";
import { npmRun } from "../../npmRun.ts";
import type { Check } from "../check.ts";
import { ok, type Finding } from "../finding.ts";
import { explainLog } from "../logLines.ts";

/** The newest lines of each service that are read: enough for the reason of a failed start and what clients meet. */
const LINES = 1_000;

/** For so long an end counts while the run after it is not healthy, as that may have said nothing yet. */
const MINUTE_MS = 60_000;

export interface Run {
  readonly startedAt: string;
  /** Of the run before, or of this one where it has ended. */
  readonly finishedAt: string;
  readonly isHealthy: boolean;
}

/** From when on lines tell of a container's state, in ms since the epoch: since it started, or from before it ended where that was a moment ago and it is not well since. */
export function linesSince({ startedAt, finishedAt, isHealthy }: Run, nowMs: number): number {
  const ended = Date.parse(finishedAt);
  const started = Date.parse(startedAt);
  if (isHealthy) return started;
  // Without an end it is the year 1.
  return nowMs - ended < MINUTE_MS ? Math.min(started, ended - MINUTE_MS) : started;
}

/** The lines of a container since then; none of one that is gone. */
async function logLines(engine: DockerEngine, container: string): Promise<string[]> {
  try {
    const state = look(await engine.json("GET", `/containers/${container}/json`)).at("State");
    const run = {
      startedAt: state.text("StartedAt"),
      finishedAt: state.text("FinishedAt"),
      isHealthy: state.at("Health").text("Status") === "healthy",
    };
    const since = Math.floor(linesSince(run, Date.now()) / 1000);
    const stream = await engine.raw(
      "GET",
      withQuery(`/containers/${container}/logs`, {
        stdout: true,
        stderr: true,
        tail: LINES,
        since: Math.max(0, since),
      }),
    );
    const pieces: Buffer[] = [];
    for await (const { text } of frames(stream)) pieces.push(text);
    return Buffer.concat(pieces).toString("utf8").split("\n");
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

/** The known faults in one service's lines, as findings. */
export const logFindings = (service: string, lines: readonly string[]): Finding[] =>
  explainLog(service, lines).map(({ level, means, mend, count }) => ({
    level,
    text: `${service}: ${means}${count > 1 ? ` (${count} times)` : ""}`,
    mend,
  }));

export const logs: Check = {
  async run({ stack, engine, record }) {
    const outputs = (await record())?.outputs;
    if (!outputs) return [ok("nothing is deployed that would log")];
    const it = await engine();
    const all = await Promise.all(
      Object.entries(outputs.containers).map(async ([service, container]) =>
        logFindings(service, await logLines(it, container)),
      ),
    );
    const found = all.flat();
    return found.length > 0
      ? found
      : [ok(`no known fault in the services' logs (${npmRun("logs", stack)} shows them)`)];
  },
};
