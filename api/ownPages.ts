/** What keeps others off the routes that our own pages call without a sign-in. */
import type { FastifyRequest } from "fastify";
import { isIP } from "node:net";
import { RequestError } from "./errors.ts";

/**
 * Another site's page could reach us by a name of its own that it points at this address (DNS
 * rebinding), and would then count as the same origin. So no name counts but those that are ours.
 * Throws a 403.
 */
export function refuseForeignNames({ headers }: FastifyRequest, edgeUrl: string | undefined): void {
  // Not request.hostname: a page may write X-Forwarded-Host, but not Host.
  const hostname = headers.host?.replace(/:\d+$/, "") ?? "";
  const ours = edgeUrl === undefined ? ["localhost"] : ["localhost", new URL(edgeUrl).hostname];
  if (isIP(hostname) === 0 && !ours.includes(hostname))
    throw new RequestError(403, "open the page by the address that `npm run up` tells");
}

/** Refuses what a browser says comes from another site's page, or another port's. Throws a 403. */
export function refuseOtherPages({ headers }: FastifyRequest): void {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin")
    throw new RequestError(403, "only the page itself may ask here");
}

/** Refuses what is over a limit that all callers share. Throws a 429. */
export function refuseOverLimit(secondsToWait: number): void {
  if (secondsToWait > 0)
    throw new RequestError(
      429,
      `too many asked in the last minute; try again in ${secondsToWait} s`,
      { "retry-after": `${secondsToWait}` },
    );
}
