/** The token that a request shows. */
import type { FastifyRequest } from "fastify";
import { unauthorized } from "../signIn.ts";
import { cookieValue } from "./cookieValue.ts";
import { refuseOtherSites } from "./sameSite.ts";

/** RFC 6750 section 2.1: the scheme in any case, one token without spaces. */
const BEARER = /^bearer +(?<token>[\w.~+/-]+=*) *$/i;

/** The bearer token of an authorization header; undefined for any other header. */
export const bearerToken = (authorization: string | undefined): string | undefined =>
  authorization === undefined ? undefined : BEARER.exec(authorization)?.groups?.["token"];

/** Where a token may stand besides the authorization header. */
export interface TokenPlace {
  readonly cookie?: string | undefined;
  /** Sites whose pages may send the cookie. */
  readonly origins: readonly string[];
}

/** The token of the authorization header, else of the cookie. Throws 401 when there is none. */
export function presentedToken(request: FastifyRequest, { cookie, origins }: TokenPlace): string {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const token = bearerToken(authorization);
    if (token === undefined) throw unauthorized("the authorization header holds no bearer token");
    return token;
  }
  const token = cookie === undefined ? undefined : cookieValue(request.headers.cookie, cookie);
  if (token === undefined) throw unauthorized();
  refuseOtherSites(request, origins);
  return token;
}
