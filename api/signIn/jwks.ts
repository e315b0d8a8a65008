import { errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from "jose";
import type { SignInOfKind } from "../../turn/signInSettings.ts";
import { type SignIn, unauthorized } from "../signIn.ts";
import { KeysUnavailable, remoteKeySet } from "./keySet.ts";
import { presentedToken } from "./presentedToken.ts";
import { cannotCheck, refusedToken } from "./problems.ts";
import type { SignInDeps } from "./signInDeps.ts";
import { userIdOf } from "./userId.ts";

type Keys = ReturnType<ReturnType<typeof remoteKeySet>>;

/** The claims of a valid token; where it names no key and several might fit, each is tried. */
async function verifiedClaims(
  token: string,
  keys: Keys,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      try {
        return (await jwtVerify(token, key, options)).payload;
      } catch (problem) {
        if (!(problem instanceof errors.JWSSignatureVerificationFailed)) throw problem;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

/** Signs in whoever shows a token that its issuer signed with a key it publishes at a URL. */
export function jwksSignIn(options: SignInOfKind<"jwks"> & SignInDeps): SignIn {
  const { issuer, audience, algorithms, userClaim, now } = options;
  const keySet = remoteKeySet(options);
  return async (request) => {
    const token = presentedToken(request, options);
    const keys = keySet((err) => request.log.warn({ err }, "cannot fetch the keys of the sign-in"));
    const claims = await verifiedClaims(token, keys, {
      algorithms,
      issuer,
      audience,
      requiredClaims: ["exp", userClaim],
      currentDate: now(),
    }).catch((error: unknown) => {
      throw error instanceof KeysUnavailable ? cannotCheck() : refusedToken(error);
    });
    const user = userIdOf(claims[userClaim]);
    if (user === undefined) throw unauthorized(`the token's ${userClaim} is wrong`);
    return user;
  };
}
