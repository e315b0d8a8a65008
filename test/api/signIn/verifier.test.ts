import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createHmac } from "node:crypto";
import { SignJWT, UnsecuredJWT } from "jose";
import { signInOf } from "../../../api/signIn/signInOf.ts";
import { withVerifier } from "../../../api/signIn/verifier.ts";
import { signApiToken, signVerifierToken } from "../../../turn/apiToken.ts";
import { SignInSettings } from "../../../turn/signInSettings.ts";
import { appWith, json, NOW, nowSeconds, smallServer } from "./asking.ts";

const VERIFIER_KEY = "canary-verifier-key-0123456789abcdef";
const USER_SECRET = "canary-user-secret-0123456789abcdef";
const now = () => NOW;

let server: Awaited<ReturnType<typeof smallServer>>;
beforeEach(async () => {
  server = await smallServer(json({ id: "turnkey-verify", keys: [] }));
});
afterEach(() => server.stop());

const kinds = {
  jwt: () => ({ kind: "jwt", secret: USER_SECRET }),
  jwks: () => ({ kind: "jwks", url: server.url, issuer: "i", audience: "a" }),
  cookie: () => ({ kind: "cookie", secrets: [USER_SECRET] }),
  forward: () => ({ kind: "forward", url: server.url, userField: "id", timeoutSeconds: 10 }),
};
type Kind = keyof typeof kinds;

const appOf = (kind: Kind) =>
  appWith(
    withVerifier(
      VERIFIER_KEY,
      now,
      signInOf(SignInSettings.parse(kinds[kind]()), { now, fetch, origins: [] }),
    ),
  );

const sign = (
  claims: Record<string, unknown>,
  { alg = "HS256", secret = VERIFIER_KEY, kid = "turnkey-verifier" } = {},
) => new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(new TextEncoder().encode(secret));
const good = {
  iss: "turnkey",
  aud: "turnkey-api",
  sub: "turnkey-verify",
  exp: nowSeconds + 60,
};
const bearer = async (token: string | Promise<string>) => ({
  authorization: `Bearer ${await token}`,
});

describe.each<Kind>(["jwt", "jwks", "cookie", "forward"])("beside the sign-in %s", (kind) => {
  test("verify's own token is let in, and nobody else is asked or told of it", async () => {
    const token = signVerifierToken(VERIFIER_KEY, { ttlSeconds: 60, now: NOW });
    const answer = await appOf(kind).ask({ ...(await bearer(token)), cookie: "session=x" });
    expect(answer).toMatchObject({ status: 200, said: "turnkey-verify" });
    expect(server.asked).toHaveLength(0);
  });

  test.each<[string, () => string | Promise<string>]>([
    ["for another subject", () => sign({ ...good, sub: "ann" })],
    ["for no subject", () => sign({ ...good, sub: undefined })],
    ["of another issuer", () => sign({ ...good, iss: "elsewhere" })],
    ["for another audience", () => sign({ ...good, aud: "elsewhere" })],
    ["that has expired", () => sign({ ...good, exp: nowSeconds })],
    ["that never expires", () => sign({ ...good, exp: undefined })],
    ["that is not valid yet", () => sign({ ...good, nbf: nowSeconds + 1 })],
    ["signed with HS512", () => sign(good, { alg: "HS512" })],
    ["signed with the users' secret", () => sign(good, { secret: USER_SECRET })],
    [
      "without a signature",
      () =>
        `${Buffer.from('{"alg":"none","kid":"turnkey-verifier"}').toString("base64url")}.${
          new UnsecuredJWT(good).encode().split(".")[1]
        }.`,
    ],
  ])("a token with the verifier's key id is refused %s", async (_what, token) => {
    const answer = await appOf(kind).ask(await bearer(token()));
    expect(answer.status).toBe(401);
    expect(server.asked).toHaveLength(0);
  });

  test("the verifier key is no use under another key id", async () => {
    const answer = await appOf(kind).ask(await bearer(sign(good, { kid: "other" })));
    expect(answer.status).toBe(401);
  });
});

describe("nobody else is verify's user", () => {
  const reserved = {
    status: 401,
    said: "the user id turnkey-verify is for the deployment's own checks alone",
  };

  test("not by a token of the users' secret", async () => {
    const claims = { subject: "turnkey-verify", ttlSeconds: 60, now: NOW };
    const answer = await appOf("jwt").ask(await bearer(signApiToken(USER_SECRET, claims)));
    expect(answer).toMatchObject(reserved);
  });

  test("not by a cookie", async () => {
    const value = `j:${JSON.stringify({ userId: "turnkey-verify", expiresAt: nowSeconds + 60 })}`;
    const signature = createHmac("sha256", USER_SECRET).update(value).digest("base64");
    const cookie = `session=${encodeURIComponent(`s:${value}.${signature.replace(/=+$/, "")}`)}`;
    expect(await appOf("cookie").ask({ cookie })).toMatchObject(reserved);
  });

  test("not by the application's word", async () => {
    expect(await appOf("forward").ask({ cookie: "sid=1" })).toMatchObject(reserved);
    expect(server.asked).toHaveLength(1);
  });
});
