import { errors } from "jose";
import { verifyApiToken } from "../turn/apiToken.ts";
import { type SignIn, unauthorized } from "./signIn.ts";

/** RFC 6750 section 2.1: the scheme in any case, one token without spaces. */
const BEARER = /^bearer +(?<token>[\w.~+/-]+=*) *$/i;

/** What to tell the caller; anything but the life of a genuine token stays "not valid". */
function problemOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return "the token has expired";
  if (error instanceof errors.JWTClaimValidationFailed)
    return `the token's ${error.claim} is wrong`;
  return "the token is not valid";
}

/** Signs in whoever sends an API token (`turn/apiToken.ts`) as bearer; the user id is its subject. */
export const bearerJwt =
  (secret: string, now: () => Date): SignIn =>
  async ({ headers: { authorization } }) => {
    if (authorization === undefined) throw unauthorized();
    const token = BEARER.exec(authorization)?.groups?.["token"];
    if (token === undefined) throw unauthorized("the authorization header holds no bearer token");
    try {
      return await verifyApiToken(secret, token, now());
    } catch (error) {
      throw unauthorized(problemOf(error));
    }
  };
