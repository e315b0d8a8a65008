/** Whether LiveKit answers, and what its clock shows. */
import type { Check } from "./check.ts";

export interface LivekitAnswer extends Check {
  /** LiveKit's clock, to the second; undefined when it does not tell. */
  readonly date: Date | undefined;
}

const TIMEOUT_MS = 1_000;

/** Asks LiveKit's own health check, `GET /` (`healthCheck` of livekit's service/server.go). Never throws. */
export async function askLivekit(
  livekitHttpUrl: string,
  timeoutMs = TIMEOUT_MS,
): Promise<LivekitAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  let answer: Response;
  try {
    answer = await fetch(livekitHttpUrl, { signal, redirect: "manual" });
    await answer.body?.cancel();
  } catch {
    const detail = signal.aborted ? "LiveKit does not answer in time" : "LiveKit cannot be reached";
    return { ok: false, detail, date: undefined };
  }
  const told = Date.parse(answer.headers.get("date") ?? "");
  return {
    ok: answer.status === 200,
    detail: answer.status === 200 ? "LiveKit answers" : `LiveKit answers ${answer.status}`,
    date: Number.isNaN(told) ? undefined : new Date(told),
  };
}
