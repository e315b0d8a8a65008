import { RequestError } from "../errors.ts";
import type { SignIn } from "../signIn.ts";
import type { Metrics } from "./metrics.ts";

/** Why a sign-in failed, in few words that do not depend on what was sent. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof RequestError)) return "error";
  const { statusCode, headers } = error;
  if (statusCode === 401) {
    // RFC 6750 section 3.1: a challenge without an error answers who sent nothing.
    const challenge = headers["www-authenticate"] ?? "";
    return challenge.includes("error=") ? "refused" : "missing";
  }
  if (statusCode === 403) return "forbidden";
  return statusCode >= 500 ? "unavailable" : "refused";
}

/** A sign-in whose failures are counted. */
export const countSignIns =
  (signIn: SignIn, { signInFailures }: Pick<Metrics, "signInFailures">): SignIn =>
  async (request) => {
    try {
      return await signIn(request);
    } catch (error) {
      signInFailures.inc({ reason: reasonOf(error) });
      throw error;
    }
  };
