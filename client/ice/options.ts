import { type Clock, systemClock } from "./clock.ts";
import { isObject } from "./isObject.ts";

/** As much of `fetch` as is used; the platform's own fits. */
export type Fetch = (
  url: string,
  init: {
    readonly headers: Record<string, string>;
    readonly credentials: "omit" | "same-origin" | "include";
    readonly cache: "no-store";
    readonly redirect: "error";
    readonly signal: AbortSignal;
  },
) => Promise<{
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  json(): Promise<unknown>;
}>;

export type Headers = Readonly<Record<string, string>>;

export interface IceConfigOptions {
  /** The API's endpoint, of either shape; in a page it may be relative to the page. */
  readonly url: string;
  /** The application's sign-in, such as `authorization`; a function is called for each request. Default: none. */
  readonly headers?: Headers | (() => Headers | Promise<Headers>);
  /** Whether cookies go along (Fetch's credentials mode). Default: `same-origin`. */
  readonly credentials?: "omit" | "same-origin" | "include";
  /**
   * The life to ask for, 60 to 86400 seconds and no more than the deployment gives. Default: not asked
   * for; the deployment decides, and where its answer tells no life (VOX's shape), 3600 is assumed.
   */
  readonly ttlSeconds?: number;
  /** How long a request may take, and the longest that `get` waits, in ms, 1 to 600000. Default: 5000. */
  readonly timeoutMs?: number;
  /** STUN URLs of the last resort; an empty list for none. Default: Google's and Cloudflare's. */
  readonly publicStun?: readonly string[];
  /** Closes the client when aborted. */
  readonly signal?: AbortSignal;
  /** Default: the platform's. */
  readonly fetch?: Fetch;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** From 0 to 1. Default: `Math.random`. */
  readonly random?: () => number;
}

const PUBLIC_STUN = ["stun:stun.l.google.com:19302", "stun:stun.cloudflare.com:3478"];
const DEFAULT_TIMEOUT_MS = 5_000;
const MOST_TIMEOUT_MS = 600_000;
/** What a deployment gives unless it is told otherwise (`turn.credentialTtlSeconds`). */
const ASSUMED_TTL_SECONDS = 3_600;

/** Options with nothing left open. */
export interface ResolvedOptions extends Required<Omit<IceConfigOptions, "ttlSeconds" | "signal">> {
  /** The life of a credential whose answer tells none. */
  readonly assumedTtlSeconds: number;
}

/** Checks options and fills in defaults; `url` asks for `ttlSeconds`. Throws a `TypeError` that names the option. */
export function resolveOptions(options: IceConfigOptions): ResolvedOptions {
  const { ttlSeconds, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const url = absolute(options.url);
  if (ttlSeconds !== undefined) {
    if (!Number.isInteger(ttlSeconds) || ttlSeconds < 60 || ttlSeconds > 86_400)
      throw new TypeError(`ttlSeconds is ${ttlSeconds}; a whole number from 60 to 86400 is needed`);
    url.searchParams.set("ttl", String(ttlSeconds));
  }
  if (!(timeoutMs >= 1 && timeoutMs <= MOST_TIMEOUT_MS))
    throw new TypeError(`timeoutMs is ${timeoutMs}; 1 to ${MOST_TIMEOUT_MS} is needed`);
  return {
    url: url.href,
    headers: options.headers ?? {},
    credentials: options.credentials ?? "same-origin",
    assumedTtlSeconds: ttlSeconds ?? ASSUMED_TTL_SECONDS,
    timeoutMs,
    publicStun: options.publicStun ?? PUBLIC_STUN,
    fetch: options.fetch ?? ((address, init) => fetch(address, init)),
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
}

function absolute(text: string): URL {
  const page: unknown = Reflect.get(globalThis, "location");
  const base = isObject(page) ? String(page["href"]) : undefined;
  const url = URL.canParse(text, base) ? new URL(text, base) : undefined;
  if (url?.protocol === "https:" || url?.protocol === "http:") return url;
  const wanted = base === undefined ? "an https URL" : "an https URL or a path of this site";
  throw new TypeError(`url is ${JSON.stringify(text)}; ${wanted} is needed`);
}
