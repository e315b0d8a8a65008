/** Asking a managed service within limits: of size, of where the question goes, and of what is said of it. */
import { ServerEnds } from "../lastOrders.ts";
import { readAtMost, TooLarge } from "../readAtMost.ts";
import { SourceError } from "./iceSource.ts";

/** The part of `globalThis.fetch` that is used. */
export type Fetch = (url: URL, init: RequestInit) => Promise<Response>;

/** One request to a service; a secret may stand in each part. */
export interface ServiceRequest {
  readonly method: "GET" | "POST" | "PUT";
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object goes as JSON, `URLSearchParams` as a form. */
  readonly body?: object | URLSearchParams;
}

/** Answers seen are below 4 KiB. */
const MAX_BYTES = 64 * 1024;

/** A life that a service does not give: the rest of the request is the same for everybody, or a hash. */
const REFUSES_REQUEST: ReadonlySet<number> = new Set([400, 422]);

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;

/** fetch says "fetch failed", and the system's code stands in the cause; texts may quote the URL. */
function codeOf(error: unknown): string {
  const code = memberOf(memberOf(error, "cause"), "code");
  return typeof code === "string" ? code : "no connection";
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SourceError("answered with something that is not JSON");
  }
}

const bodyOf = (body: object | URLSearchParams) =>
  body instanceof URLSearchParams
    ? { body, headers: {} }
    : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };

/**
 * Sends a request and parses the answer's JSON. A redirect is not followed: it would carry the secrets
 * to wherever it points. Rejects with `SourceError`, which tells the status or the system's code and
 * quotes neither request nor answer.
 */
export async function askJson(
  fetch: Fetch,
  { method, url, headers, body }: ServiceRequest,
  signal: AbortSignal,
): Promise<unknown> {
  const content = body === undefined ? { headers: {} } : bodyOf(body);
  try {
    const response = await fetch(url, {
      ...content,
      method,
      headers: { accept: "application/json", ...content.headers, ...headers },
      redirect: "manual",
      signal,
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new SourceError(`answered with status ${response.status}`, {
        ofRequest: REFUSES_REQUEST.has(response.status),
      });
    }
    return jsonOf(await readAtMost(response, MAX_BYTES));
  } catch (error) {
    if (error instanceof SourceError) throw error;
    if (error instanceof ServerEnds) throw new SourceError(error.message);
    throw error instanceof TooLarge
      ? new SourceError(`answered with more than ${MAX_BYTES} bytes`)
      : new SourceError(`cannot be reached (${codeOf(error)})`);
  }
}

/** HTTP's basic authentication (RFC 7617). */
export const basicAuth = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

/** A service's URL, below its own base or the one that stands in for it. */
export const serviceUrl = (base: string, path: string): URL =>
  new URL(path, base.endsWith("/") ? base : `${base}/`);
