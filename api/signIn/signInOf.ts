import type { SignInOfKind, SignInSettings } from "../../turn/signInSettings.ts";
import type { SignIn } from "../signIn.ts";
import { cookieSignIn } from "./cookie.ts";
import { forwardSignIn } from "./forward.ts";
import { jwksSignIn } from "./jwks.ts";
import { jwtSignIn } from "./jwt.ts";
import type { SignInDeps } from "./signInDeps.ts";

function sharedSecret({ secret }: SignInOfKind<"jwt">): string {
  if (secret === undefined)
    throw new Error("the sign-in has no secret - deploy again, which generates one");
  return secret;
}

type Builders = {
  readonly [K in SignInSettings["kind"]]: (settings: SignInOfKind<K>, deps: SignInDeps) => SignIn;
};

const builders: Builders = {
  jwt: (it, deps) => jwtSignIn({ ...it, ...deps, secret: sharedSecret(it) }),
  jwks: (it, deps) => jwksSignIn({ ...it, ...deps }),
  cookie: (it, deps) => cookieSignIn({ ...it, ...deps }),
  forward: (it, deps) => forwardSignIn({ ...it, ...deps }),
};

/**
 * The sign-in that the settings ask for. Throws when a shared secret is missing, which the deployment
 * generates.
 */
export const signInOf = <K extends SignInSettings["kind"]>(
  settings: SignInOfKind<K>,
  deps: SignInDeps,
): SignIn => builders[settings.kind](settings, deps);
