import type { Answer } from "./readAnswer.ts";

/** An answer is asked for anew after this long, however long its credential lives. */
const MOST_CACHED_MS = 12 * 60 * 60 * 1000;
/** So that many clients do not ask at the same moment: this share of the time may be left off. */
const JITTER = 0.1;

/** Reads one header of an answer by its name; null where there is none or CORS hides it. */
export type ReadHeader = (name: string) => string | null;

/** The API's clock as its `Date` header tells it (RFC 9110, 6.6.1), in ms since the epoch. */
export function serverTime(header: ReadHeader): number | undefined {
  const time = Date.parse(header("date") ?? "");
  return Number.isNaN(time) ? undefined : time;
}

/**
 * How long a credential lives from the answer on, in ms, without asking this machine's clock: its `ttl`,
 * or until `expiresAt` by the API's own clock if that is sooner, less what a cache on the way kept it for
 * (`Age`). `otherwiseSeconds` is for answers that tell no life.
 */
export function lifeMs(answer: Answer, header: ReadHeader, otherwiseSeconds: number): number {
  const sent = serverTime(header);
  const told = (answer.ttl ?? otherwiseSeconds) * 1000;
  const left =
    sent === undefined || answer.expiresAt === undefined
      ? told
      : Date.parse(answer.expiresAt) - sent;
  const age = Number(header("age") ?? 0) * 1000;
  return Math.min(told, left) - (age > 0 ? age : 0);
}

/** For how long an answer is used without asking again: never past half of its life. */
export const freshMs = (life: number, random: number): number =>
  Math.min(MOST_CACHED_MS, life / 2) * (1 - JITTER * random);
