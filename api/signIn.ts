/** Who is asking: the one place where a request becomes a user id. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { RequestError } from "./errors.ts";

/** Finds the user id of a request, or throws `unauthorized`. */
export type SignIn = (request: FastifyRequest) => Promise<string>;

/** A 401 with the challenge that RFC 6750 section 3 asks for; `problem` is absent if no token came. */
export function unauthorized(problem?: string): RequestError {
  const challenge = 'Bearer realm="turnkey"';
  return new RequestError(401, problem ?? "a bearer token is needed", {
    "www-authenticate":
      problem === undefined
        ? challenge
        : `${challenge}, error="invalid_token", error_description="${problem}"`,
  });
}

const USER_ID = "userId";

/**
 * Asks for a sign-in before every route of a scope, and before its body is read. What such routes
 * answer is for one user alone, so nobody may store it.
 */
export function requireSignIn(scope: FastifyInstance, signIn: SignIn): void {
  scope.decorateRequest(USER_ID, "");
  scope.addHook("onRequest", async (request, reply) => {
    reply.header("cache-control", "no-store");
    request.setDecorator(USER_ID, await signIn(request));
  });
}

/** The signed-in user of a request below `requireSignIn`. */
export const userOf = (request: FastifyRequest): string => request.getDecorator<string>(USER_ID);
