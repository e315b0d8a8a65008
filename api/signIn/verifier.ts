import { claimsToBeVerifier, VERIFY_SUBJECT, verifyVerifierToken } from "../../turn/apiToken.ts";
import { type SignIn, unauthorized } from "../signIn.ts";
import { bearerToken } from "./presentedToken.ts";
import { refusedToken } from "./problems.ts";

/**
 * Lets verify in besides the users of a sign-in: a bearer token that names the verifier key is checked
 * with that key alone, and no other sign-in ever sees it. Nobody else becomes verify's user.
 */
export const withVerifier =
  (verifierKey: string, now: () => Date, signIn: SignIn): SignIn =>
  async (request) => {
    const token = bearerToken(request.headers.authorization);
    if (token !== undefined && claimsToBeVerifier(token))
      return verifyVerifierToken(verifierKey, token, now()).catch((error: unknown) => {
        throw refusedToken(error);
      });
    const user = await signIn(request);
    if (user === VERIFY_SUBJECT)
      throw unauthorized(`the user id ${VERIFY_SUBJECT} is for the deployment's own checks alone`);
    return user;
  };
