/** How many requests a minute one address and one user may make. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { RequestError } from "../errors.ts";
import { tellRequest } from "../logging/tellRequest.ts";
import { userOf } from "../signIn.ts";

const MINUTE_MS = 60_000;
/** How many addresses and users are remembered, each; the one asked for longest ago is forgotten first. */
const REMEMBERED = 20_000;
/** RateLimit header fields for HTTP, draft-ietf-httpapi-ratelimit-headers-07 section 5. */
const REMAINING = "ratelimit-remaining";

/** What a limit is for. */
export type LimitedBy = "address" | "user";

export interface RateLimit {
  readonly perMinute: number;
  /** Hears of each request that is refused. */
  readonly onRefused: (by: LimitedBy) => void;
}

interface Count {
  readonly max: number;
  readonly remaining: number;
  readonly ttlInSeconds: number;
  readonly isExceeded: boolean;
}

/** Tells of the tighter of two limits: the one with less left. */
function tell(reply: FastifyReply, { max, remaining, ttlInSeconds }: Count): void {
  const told = reply.getHeader(REMAINING);
  if (told !== undefined && Number(told) <= remaining) return;
  void reply.headers({
    "ratelimit-limit": `${max}`,
    [REMAINING]: `${remaining}`,
    "ratelimit-reset": `${ttlInSeconds}`,
  });
}

/**
 * The hook counts in windows of a minute, each from the first request of whom `key` names. What is within
 * the limit gets a line in the log, and of what is refused the first in each window.
 */
function limit(
  app: FastifyInstance,
  by: LimitedBy,
  { perMinute, onRefused }: RateLimit,
  key?: (request: FastifyRequest) => string,
): void {
  // `isBanned` is all that the plugin tells of how many were refused: more than one.
  const options = { max: perMinute, timeWindow: MINUTE_MS, cache: REMEMBERED, ban: 1 };
  const count = app.createRateLimit(key ? { ...options, keyGenerator: key } : options);
  app.addHook("onRequest", async (request, reply) => {
    if (request.routeOptions.config.rateLimit === false) return;
    const counted = await count(request);
    if (counted.isAllowed) return;
    tell(reply, counted);
    tellRequest(request, !counted.isBanned);
    if (!counted.isExceeded) return;
    onRefused(by);
    const seconds = counted.ttlInSeconds;
    throw new RequestError(
      429,
      `this ${by} made more than ${perMinute} requests in a minute; try again in ${seconds} s`,
      { "retry-after": `${seconds}` },
    );
  });
}

/**
 * Limits every address: an IPv4 address, or the /64 that a network gives one customer of IPv6. Comes
 * before any sign-in, so that those that fail count. Routes with `config.rateLimit: false` are free.
 * Needs @fastify/rate-limit.
 */
export const limitAddresses = (app: FastifyInstance, most: RateLimit): void =>
  limit(app, "address", most);

/** Limits every user of a scope; comes after `requireSignIn`. Needs @fastify/rate-limit. */
export const limitUsers = (scope: FastifyInstance, most: RateLimit): void =>
  limit(scope, "user", most, userOf);
