import { isSession, refusal, type Session } from "../pages/session.ts";

/** What the API gives for one run. */
export interface DiagnosticsSession extends Session {
  /** Origin of the edge, which takes HTTPS on a port of TURN/TLS. */
  readonly edge?: string;
}

/** Whether an answer is one. */
export const isDiagnosticsSession = (value: unknown): value is DiagnosticsSession =>
  isSession(value) &&
  (!("edge" in value) || (typeof value.edge === "string" && URL.canParse(value.edge)));

/** The API refuses a session: `status` is HTTP's. */
export class SessionRefused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Asks the API for a session; `token` goes along as bearer. Throws `SessionRefused` with what the API
 * says, or what `fetch` throws when the API cannot be reached.
 */
export async function openSession(
  token: string | undefined,
  signal: AbortSignal,
): Promise<DiagnosticsSession> {
  const answer = await fetch("/diagnostics/session", {
    method: "POST",
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    signal,
  });
  const body: unknown = await answer.json().catch(() => undefined);
  if (answer.ok && isDiagnosticsSession(body)) return body;
  throw new SessionRefused(answer.status, refusal(body, answer.statusText));
}
