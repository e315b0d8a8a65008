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
}

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/**
 * Sends a GET and reads the answer. A redirect is an answer like any other: following it would carry
 * the headers to wherever it points. Rejects when there is no answer in time, or a larger one.
 */
export async function boundedFetch(
  fetch: Fetch,
  { url, headers, timeoutSeconds, maxBytes }: Question,
): Promise<Answer> {
  const response = await fetch(url, {
    headers: { accept: "application/json", ...headers },
    redirect: "manual",
    signal: AbortSignal.timeout(timeoutSeconds * 1000),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: await readAtMost(response, maxBytes),
  };
}
