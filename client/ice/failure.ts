/**
 * Why a request for ICE servers failed: `headers`, the application's function threw; `unreachable`, no
 * answer; `timeout`; `unauthorized`, 401 or 403; `limited`, 429; `unavailable`, 5xx; `refused`, any other
 * status; `malformed`, the answer has no shape that is known; `expired`, the credential lives too short.
 */
export type FailureReason =
  | "headers"
  | "unreachable"
  | "timeout"
  | "unauthorized"
  | "limited"
  | "unavailable"
  | "refused"
  | "malformed"
  | "expired";

/** One request that failed. */
export interface Failure {
  readonly reason: FailureReason;
  /** For people; the API's own words where it gave some. */
  readonly message: string;
  /** HTTP status, where there was an answer. */
  readonly status?: number;
  /** How long the API wants to be left alone (`Retry-After`), in ms. */
  readonly retryAfterMs?: number;
}

/** The reason that stands in a status which is not a success. */
export function reasonOf(status: number): FailureReason {
  if (status === 401 || status === 403) return "unauthorized";
  if (status === 429) return "limited";
  return status >= 500 ? "unavailable" : "refused";
}
