import { LRUCache } from "lru-cache";
import { createHash } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type { SignInOfKind } from "../../turn/signInSettings.ts";
import { RequestError } from "../errors.ts";
import { type SignIn, unauthorized } from "../signIn.ts";
import { type Answer, boundedFetch, jsonOf, placeOf } from "./boundedFetch.ts";
import { cannotCheck, nothingShown } from "./problems.ts";
import { refuseOtherSites } from "./sameSite.ts";
import type { SignInDeps } from "./signInDeps.ts";
import { fieldOf, userIdOf } from "./userId.ts";

type Options = SignInOfKind<"forward"> & SignInDeps;

const MAX_BYTES = 64 * 1024;
const MAX_CACHED = 10_000;

/** What the application is told of a request; undefined when it holds nothing to know a user by. */
function passedOn(
  { headers, method, url }: FastifyRequest,
  names: readonly string[],
): Record<string, string> | undefined {
  const own = names.flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [[name, String(value)] as const];
  });
  if (own.length === 0) return undefined;
  // Traefik's names. The path stands there without its query, where tokens end up by mistake.
  const path = url.split("?", 1)[0] ?? "/";
  return { ...Object.fromEntries(own), "x-forwarded-method": method, "x-forwarded-uri": path };
}

/** Not the headers themselves: a cache is no place for sessions and tokens. */
const keyOf = (headers: Readonly<Record<string, string>>) =>
  createHash("sha256").update(JSON.stringify(headers)).digest("base64");

const isYes = (status: number) => status >= 200 && status <= 299;

/** What nginx's auth_request makes of a status: 2xx is yes, 401 and 403 are no, all else is a fault. */
function userOf({ status, headers, body }: Answer, options: Options): string {
  if (status === 401) throw unauthorized("the application knows no user by these headers");
  if (status === 403) throw new RequestError(403, "the application does not let this user in");
  const place = placeOf(options.url);
  if (!isYes(status)) throw new Error(`${place} answered ${status}, wanted 2xx, 401 or 403`);
  if (options.userField === undefined) {
    const user = userIdOf(decodedHeader(headers.get(options.userHeader)));
    if (user === undefined)
      throw new Error(`${place} answered without a user's id in ${options.userHeader}`);
    return user;
  }
  const value = fieldOf(jsonOf(body, options.url), options.userField);
  // Session endpoints, such as Auth.js's, answer 200 with {} or null when nobody is signed in.
  if (value === undefined || value === null)
    throw unauthorized("the application knows no user by these headers");
  const user = userIdOf(value);
  if (user === undefined)
    throw new Error(`${place} answered with no user's id in ${options.userField}`);
  return user;
}

/** fetch reads header bytes as Latin-1; applications that send more than ASCII send UTF-8. */
const decodedHeader = (value: string | null) =>
  value === null ? undefined : Buffer.from(value, "latin1").toString("utf8");

/** Signs in whomever the application names when it is asked with the caller's cookie and authorization header. */
export function forwardSignIn(options: Options): SignIn {
  const { url, timeoutSeconds, cacheSeconds, origins } = options;
  const known = new LRUCache<string, { readonly user: string; readonly until: number }>({
    max: MAX_CACHED,
  });
  const underWay = new Map<string, Promise<string>>();
  const milliseconds = () => options.now().getTime();

  const ask = async (key: string, headers: Readonly<Record<string, string>>): Promise<string> => {
    const answer = await boundedFetch(options.fetch, {
      url,
      headers,
      timeoutSeconds,
      maxBytes: MAX_BYTES,
      wantsBody: (status) => options.userField !== undefined && isYes(status),
    });
    const user = userOf(answer, options);
    if (cacheSeconds > 0) known.set(key, { user, until: milliseconds() + cacheSeconds * 1000 });
    return user;
  };

  return async (request) => {
    const headers = passedOn(request, options.headers);
    if (!headers) throw nothingShown(`one of the headers ${options.headers.join(", ")}`);
    if (headers["cookie"] !== undefined) refuseOtherSites(request, origins);
    const key = keyOf(headers);
    const hit = known.get(key);
    if (hit && milliseconds() < hit.until) return hit.user;
    let asking = underWay.get(key);
    if (!asking) {
      asking = ask(key, headers).finally(() => underWay.delete(key));
      underWay.set(key, asking);
    }
    try {
      return await asking;
    } catch (error) {
      if (error instanceof RequestError) throw error;
      request.log.warn({ err: error }, "cannot ask the application who the user is");
      throw cannotCheck();
    }
  };
}
