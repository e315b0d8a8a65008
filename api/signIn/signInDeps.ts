import type { Fetch } from "./boundedFetch.ts";

/** What sign-ins work with, whatever their kind. */
export interface SignInDeps {
  readonly now: () => Date;
  readonly fetch: Fetch;
  /** Sites, besides the API's own, whose pages may ask with cookies: `api.corsOrigins`. */
  readonly origins: readonly string[];
}
