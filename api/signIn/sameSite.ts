/** Keeps other sites' pages from asking with a user's cookies, which browsers send along by themselves. */
import type { FastifyRequest } from "fastify";
import { RequestError } from "../errors.ts";

/**
 * Refuses a request that a page of another site made, and throws 403. Origins in `allowed`
 * (`api.corsOrigins`) and the API's own may ask. A client that is no browser sends neither header
 * and passes: nobody but its user made it send the cookie.
 */
export function refuseOtherSites(request: FastifyRequest, allowed: readonly string[]): void {
  const { origin, "sec-fetch-site": site } = request.headers;
  const isOurs =
    origin === undefined
      ? site !== "cross-site"
      : origin === `${request.protocol}://${request.host}` || allowed.includes(origin);
  if (!isOurs)
    throw new RequestError(
      403,
      "a page of another site may not ask with the user's cookies - its origin is not among api.corsOrigins",
    );
}
