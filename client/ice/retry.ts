import type { ReadHeader } from "./life.ts";
import { serverTime } from "./life.ts";

const FIRST_MS = 1_000;
const MOST_MS = 60_000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** `Retry-After` is kept to, and overdone by up to this share, so that not all come back at once. */
const JITTER = 0.1;

/** `Retry-After` (RFC 9110, 10.2.3), seconds or a date by the API's clock, in ms; a day at most. */
export function retryAfterMs(header: ReadHeader, now: number): number | undefined {
  const text = header("retry-after")?.trim() ?? "";
  const ms = /^\d+$/.test(text)
    ? Number(text) * 1000
    : Date.parse(text) - (serverTime(header) ?? now);
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), DAY_MS);
}

/**
 * How long to wait before asking again, in ms, after so many failures in a row (1 and up): twice as long
 * each time from one second to a minute, of which the last half is left to chance (`random`, 0 to 1); no
 * sooner than the API wants it.
 */
export function retryMs(failures: number, random: number, retryAfter = 0): number {
  const most = Math.min(MOST_MS, FIRST_MS * 2 ** (failures - 1));
  return Math.max(most * (0.5 + 0.5 * random), retryAfter * (1 + JITTER * random));
}
