import type { IceServer } from "./iceServer.ts";
import { isObject } from "./isObject.ts";

/** What the API answered, in either of its shapes. */
export interface Answer {
  readonly iceServers: IceServer[];
  /** Seconds from the answer on; VOX's shape has none. */
  readonly ttl?: number;
  /** ISO 8601 UTC; VOX's shape has none. */
  readonly expiresAt?: string;
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isTextOrNone = (value: unknown): value is string | undefined =>
  value === undefined || isText(value);

const INSTANT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z$/;

/** A moment in ISO 8601 UTC that is in the calendar: engines take 30 February for 2 March. */
function isInstant(value: unknown): value is string {
  const seconds = typeof value === "string" ? INSTANT.exec(value)?.[1] : undefined;
  const time = seconds === undefined ? NaN : Date.parse(`${seconds}Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 19) === seconds;
}

function readServer(value: unknown): IceServer | undefined {
  if (!isObject(value)) return undefined;
  const { urls, username, credential } = value;
  if (!Array.isArray(urls) || urls.length === 0 || !urls.every(isText)) return undefined;
  if (!isTextOrNone(username) || !isTextOrNone(credential)) return undefined;
  return {
    urls: [...urls],
    ...(username !== undefined && { username }),
    ...(credential !== undefined && { credential }),
  };
}

function readServers(value: unknown): IceServer[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const servers = value.map(readServer).filter((it) => it !== undefined);
  return servers.length === value.length ? servers : undefined;
}

/**
 * Reads a body of `GET /api/livekit/ice-config` (PeerWave's shape) or `GET /api/v1/calls/webrtc-config`
 * (VOX's), without what it does not know; undefined when it is neither. The same as the API's schemas,
 * turn/iceConfig.ts.
 */
export function readAnswer(body: unknown): Answer | undefined {
  if (!isObject(body)) return undefined;
  const { ttl, expiresAt, success, data } = body;
  const own = readServers(body["iceServers"]);
  if (
    own &&
    typeof ttl === "number" &&
    Number.isSafeInteger(ttl) &&
    ttl > 0 &&
    isInstant(expiresAt)
  )
    return { iceServers: own, ttl, expiresAt };
  const wrapped = success === true && isObject(data) ? readServers(data["iceServers"]) : undefined;
  return wrapped && { iceServers: wrapped };
}
