import { type Mark, markNow } from "./clock.ts";
import { type Failure, type FailureReason, reasonOf } from "./failure.ts";
import type { IceServer } from "./iceServer.ts";
import { isObject } from "./isObject.ts";
import { lifeMs, type ReadHeader, serverTime } from "./life.ts";
import type { ResolvedOptions } from "./options.ts";
import { readAnswer } from "./readAnswer.ts";
import { retryAfterMs } from "./retry.ts";

/** What shorter-lived credentials are good for is over before a call has begun. */
const LEAST_LIFE_MS = 10_000;

/** ICE servers from the API. */
export interface Granted {
  readonly iceServers: IceServer[];
  /** Before the request was sent, so that the credential lives for `lifeMs` from here at least. */
  readonly asked: Mark;
  readonly lifeMs: number;
  readonly clockSkewMs?: number;
}

/** A failure that has been understood, on its way out of a request. */
class Failed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

const because = (reason: FailureReason, text: string, error: unknown) =>
  new Failed({
    reason,
    message: `${text}: ${error instanceof Error ? error.message : String(error)}`,
  });

/** Asks the API once, for as long as `timeoutMs`. Never rejects; once `signal` is aborted its answer means nothing. */
export async function requestIce(
  options: ResolvedOptions,
  signal: AbortSignal,
): Promise<Granted | Failure> {
  const { clock, timeoutMs } = options;
  const stop = new AbortController();
  const abort = () => stop.abort();
  signal.addEventListener("abort", abort);
  let cancel: (() => void) | undefined;
  const tooLate = new Promise<Failure>((resolve) => {
    cancel = clock.setTimeout(() => {
      resolve({ reason: "timeout", message: `no whole answer within ${timeoutMs} ms` });
      abort();
    }, timeoutMs);
  });
  const answered = ask(options, stop.signal).catch(
    (error: unknown): Failure =>
      (error instanceof Failed ? error : because("unreachable", "no answer", error)).failure,
  );
  const result = await Promise.race([tooLate, answered]);
  cancel?.();
  signal.removeEventListener("abort", abort);
  return result;
}

async function ask(options: ResolvedOptions, signal: AbortSignal): Promise<Granted> {
  const { clock, credentials } = options;
  const headers = await headersOf(options);
  const asked = markNow(clock);
  // A bare call: a browser's own fetch wants no other `this`.
  const { fetch, url } = options;
  const response = await fetch(url, {
    headers: { ...headers },
    credentials,
    cache: "no-store",
    // A redirect leads to a page to sign in at, or takes the headers to somebody else.
    redirect: "error",
    signal,
  });
  const header: ReadHeader = (name) => response.headers.get(name);
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const retryAfter = retryAfterMs(header, clock.now());
    throw new Failed({
      reason: reasonOf(response.status),
      message: `the API answered ${response.status}${said(body)}`,
      status: response.status,
      ...(retryAfter !== undefined && { retryAfterMs: retryAfter }),
    });
  }
  const answer = readAnswer(body);
  const { status } = response;
  if (!answer)
    throw new Failed({
      reason: "malformed",
      message: "the answer is no ICE configuration",
      status,
    });
  const life = lifeMs(answer, header, options.assumedTtlSeconds);
  if (!(life >= LEAST_LIFE_MS)) {
    const message = `the credential lives for ${Math.round(life / 1000)} s; 10 s or more are needed`;
    throw new Failed({ reason: "expired", message, status });
  }
  const sent = serverTime(header);
  return {
    iceServers: answer.iceServers,
    asked,
    lifeMs: life,
    ...(sent !== undefined && { clockSkewMs: sent - (asked.wall + clock.now()) / 2 }),
  };
}

async function headersOf({ headers }: ResolvedOptions) {
  try {
    return typeof headers === "function" ? await headers() : headers;
  } catch (error) {
    throw because("headers", "the application gave no headers", error);
  }
}

/** The API's own words for an error. */
const said = (body: unknown): string =>
  isObject(body) && typeof body["message"] === "string" ? `: ${body["message"].slice(0, 200)}` : "";
