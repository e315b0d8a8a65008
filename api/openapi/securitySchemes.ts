import type { SignInSettings } from "../../turn/signInSettings.ts";

/** An OpenAPI 3.1 Security Scheme Object, of the two types that sign-ins need. */
export type SecurityScheme =
  | { readonly type: "http"; readonly scheme: "bearer"; readonly description: string }
  | {
      readonly type: "apiKey";
      readonly in: "cookie" | "header";
      readonly name: string;
      readonly description: string;
    };

const bearer = { type: "http", scheme: "bearer", description: "RFC 6750" } as const;
const cookie = (name: string) =>
  ({ type: "apiKey", in: "cookie", name, description: "The application's own cookie" }) as const;
const passedOn = (name: string) =>
  ({ type: "apiKey", in: "header", name, description: "Passed on to the application" }) as const;

/** How users of these settings sign in, by a name for each way; any one will do. */
export function securitySchemes(settings: SignInSettings): Record<string, SecurityScheme> {
  switch (settings.kind) {
    case "cookie":
      return { cookie: cookie(settings.name) };
    case "forward":
      return Object.fromEntries(
        settings.headers.map((name) => [name, name === "authorization" ? bearer : passedOn(name)]),
      );
    case "jwt":
    case "jwks":
    default:
      return {
        bearer,
        ...(settings.cookie === undefined ? {} : { cookie: cookie(settings.cookie) }),
      };
  }
}

/** Headers that a page's script sets to sign in, besides `authorization`; cookies are the browser's. */
export const signInHeaders = (schemes: Readonly<Record<string, SecurityScheme>>): string[] =>
  Object.values(schemes).flatMap((it) =>
    it.type === "apiKey" && it.in === "header" && it.name !== "cookie" ? [it.name] : [],
  );
