import type { SignInOfKind } from "../../turn/signInSettings.ts";
import { type SignIn, unauthorized } from "../signIn.ts";
import { cookieValue } from "./cookieValue.ts";
import { nothingShown } from "./problems.ts";
import { refuseOtherSites } from "./sameSite.ts";
import type { SignInDeps } from "./signInDeps.ts";
import { unsigned } from "./signedValue.ts";
import { fieldOf, userIdOf } from "./userId.ts";

/** JSON as Express writes objects into cookies (`j:{...}`), or base64 or base64url of it. */
function parsed(value: string): unknown {
  try {
    return JSON.parse(
      value.startsWith("j:") ? value.slice(2) : Buffer.from(value, "base64").toString("utf8"),
    );
  } catch {
    return undefined;
  }
}

/** Unix time in seconds is below this until the year 5138, in milliseconds above it since 1973. */
const LEAST_MILLISECONDS = 1e11;

const ISO_WITH_ZONE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** The moment a value stands for, in milliseconds of Unix time; NaN for none. */
function momentOf(value: unknown): number {
  if (typeof value === "number") return value < LEAST_MILLISECONDS ? value * 1000 : value;
  return typeof value === "string" && ISO_WITH_ZONE.test(value) ? Date.parse(value) : NaN;
}

/** Signs in whoever sends the application's signed cookie, until the time that the cookie itself names. */
export const cookieSignIn =
  ({
    name,
    secrets,
    userField,
    expiresField,
    now,
    origins,
  }: SignInOfKind<"cookie"> & SignInDeps): SignIn =>
  async (request) => {
    const text = cookieValue(request.headers.cookie, name);
    if (text === undefined) throw nothingShown(`the cookie ${name}`);
    refuseOtherSites(request, origins);
    const value = unsigned(text, secrets);
    const session = value === undefined ? undefined : parsed(value);
    if (session === undefined) throw unauthorized(`the cookie ${name} is not valid`);
    const end = momentOf(fieldOf(session, expiresField));
    if (Number.isNaN(end)) throw unauthorized(`the cookie ${name} says no end in ${expiresField}`);
    if (end <= now().getTime()) throw unauthorized(`the cookie ${name} has expired`);
    const user = userIdOf(fieldOf(session, userField));
    if (user === undefined) throw unauthorized(`the cookie ${name} names no user in ${userField}`);
    return user;
  };
