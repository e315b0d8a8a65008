import { verifyApiToken } from "../../turn/apiToken.ts";
import { type SignIn, unauthorized } from "../signIn.ts";
import { presentedToken, type TokenPlace } from "./presentedToken.ts";
import { refusedToken } from "./problems.ts";
import type { ApiTokenForm } from "../../turn/apiToken.ts";
import { userIdOf } from "./userId.ts";

/** A shared secret, and how the tokens look that it signs. */
export interface JwtOptions extends ApiTokenForm, TokenPlace {
  readonly secret: string;
  readonly now: () => Date;
}

/** Signs in whoever shows a token that the shared secret signed; one of its claims is the user's id. */
export const jwtSignIn =
  ({ secret, now, ...form }: JwtOptions): SignIn =>
  async (request) => {
    const token = presentedToken(request, form);
    const claims = await verifyApiToken(secret, token, now(), form).catch((error: unknown) => {
      throw refusedToken(error);
    });
    const user = userIdOf(claims[form.userClaim]);
    if (user === undefined) throw unauthorized(`the token's ${form.userClaim} is wrong`);
    return user;
  };
