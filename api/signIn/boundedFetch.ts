/** Asking another server within limits: of time, of size, and of where the question goes. */
import { readAtMost } from "../readAtMost.ts";

/** As `globalThis.fetch`. */
export type Fetch = typeof globalThis.fetch;

export interface Question {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For the whole answer. */
  readonly timeoutSeconds: number;
  readonly maxBytes: number;
  /** Whether the body of an answer with this status is wanted; it is not even read otherwise. */
  readonly wantsBody: (status: number) => boolean;
}

/** An answer. The body is read to its end, or empty where it is not wanted. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

async function bodyOf(response: Response, { wantsBody, maxBytes }: Question): Promise<string> {
  if (wantsBody(response.status)) return readAtMost(response, maxBytes);
  await response.body?.cancel();
  return "";
}

/**
 * Sends a GET and reads the answer. A redirect is an answer like any other: following it would carry
 * the headers to wherever it points. Rejects when there is no answer in time, or a body that is wanted
 * is larger.
 */
export async function boundedFetch(fetch: Fetch, question: Question): Promise<Answer> {
  const { url, headers, timeoutSeconds } = question;
  const response = await fetch(url, {
    headers: { accept: "application/json", ...headers },
    redirect: "manual",
    signal: AbortSignal.timeout(timeoutSeconds * 1000),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: await bodyOf(response, question),
  };
}

/** The JSON of a body. The error quotes nothing of it, as that of `JSON.parse` would. */
export function jsonOf(body: string, url: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Error(`${placeOf(url)} answered with something that is not JSON`);
  }
}

/** A URL for the log: without its query, where keys may stand. */
export function placeOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
