import type { SignInSettings } from "../turn/signInSettings.ts";

/**
 * Who may run the diagnostics: `anybody` who reaches the page; whoever tells the page a `token` for the
 * sign-in; or whose `browser` sends what the sign-in asks for by itself, which is a cookie.
 */
export type DiagnosticsAccess = "anybody" | "token" | "browser";

/** Anybody where anybody may make demo calls; else whom the sign-in lets in, the way it takes. */
export function diagnosticsAccess(signIn: SignInSettings, servesDemo: boolean): DiagnosticsAccess {
  if (servesDemo) return "anybody";
  switch (signIn.kind) {
    case "cookie":
      return "browser";
    case "forward":
      return signIn.headers.includes("cookie") ? "browser" : "token";
    case "jwt":
    case "jwks":
      return signIn.cookie === undefined ? "token" : "browser";
    default:
      return signIn satisfies never;
  }
}
