/** What goes wrong when somebody signs in, in words for the caller. */
import { errors } from "jose";
import { RequestError } from "../errors.ts";
import { unauthorized } from "../signIn.ts";

/** When to try again, in seconds, after whoever knows the users could not be asked. */
export const RETRY_AFTER_SECONDS = 5;

/** A 503: the sign-in could not be checked, which is not the caller's fault. */
export const cannotCheck = () =>
  new RequestError(
    503,
    "the sign-in cannot be checked at the moment - try again in a few seconds",
    {
      "retry-after": String(RETRY_AFTER_SECONDS),
    },
  );

/** A 401 for a request that shows nothing: the challenge says nothing of an error (RFC 6750 section 3.1). */
export const nothingShown = (wanted: string) =>
  new RequestError(401, `${wanted} is needed`, unauthorized().headers);

/** What to tell about a token; anything but the claims of a genuine one stays "not valid". */
function problemOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return "the token has expired";
  if (error instanceof errors.JWTClaimValidationFailed)
    return `the token's ${error.claim} is wrong`;
  return "the token is not valid";
}

/** The 401 for a token that jose refused. */
export const refusedToken = (error: unknown) => unauthorized(problemOf(error));
