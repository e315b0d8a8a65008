import { describe, expect, test } from "@jest/globals";
import { SignJWT } from "jose";
import { signInOf } from "../../../api/signIn/signInOf.ts";
import { signApiToken } from "../../../turn/apiToken.ts";
import { SignInSettings } from "../../../turn/signInSettings.ts";
import { appWith, NOW, nowSeconds } from "./asking.ts";

const SECRET = "canary-jwt-secret-".padEnd(64, "0123456789");
const APP = "https://app.example.com";

const deps = { now: () => NOW, fetch, origins: [APP] };
const jwt = (changed: object = {}) =>
  appWith(signInOf(SignInSettings.parse({ kind: "jwt", secret: SECRET, ...changed }), deps));

const good = { iss: "turnkey", aud: "turnkey-api", sub: "ann", exp: nowSeconds + 60 };
const sign = (claims: Record<string, unknown>, alg = "HS256") =>
  new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode(SECRET));
const bearer = async (claims: Record<string, unknown>, alg?: string) => ({
  authorization: `Bearer ${await sign(claims, alg)}`,
});

describe("the algorithm", () => {
  const algorithms = ["HS256", "HS384", "HS512"] as const;

  test.each(algorithms.flatMap((set) => algorithms.map((used) => ({ set, used }))))(
    "is $set alone where the settings say so, whatever the token says: $used",
    async ({ set, used }) => {
      const { status } = await jwt({ algorithm: set }).ask(await bearer(good, used));
      expect(status).toBe(set === used ? 200 : 401);
    },
  );
});

describe("the settings name", () => {
  test("issuer and audience, both of which are checked", async () => {
    const { ask } = jwt({ issuer: "https://id.example.com/", audience: "calls" });
    const named = { ...good, iss: "https://id.example.com/", aud: ["calls", "mail"] };
    await expect(ask(await bearer(named))).resolves.toMatchObject({ status: 200, said: "ann" });
    await expect(ask(await bearer({ ...named, iss: "turnkey" }))).resolves.toMatchObject({
      status: 401,
      said: "the token's iss is wrong",
    });
    await expect(ask(await bearer({ ...named, aud: "mail" }))).resolves.toMatchObject({
      status: 401,
      said: "the token's aud is wrong",
    });
  });

  test("the claim with the user's id, text or a whole number", async () => {
    const { ask } = jwt({ userClaim: "https://app.example.com/uid" });
    const asking = async (value: unknown) =>
      ask(await bearer({ ...good, "https://app.example.com/uid": value }));
    await expect(asking("bob")).resolves.toMatchObject({ status: 200, said: "bob" });
    await expect(asking(42)).resolves.toMatchObject({ status: 200, said: "42" });
    for (const value of ["", "bob\nlevel=fatal", { id: "bob" }, true, "b".repeat(257)])
      await expect(asking(value)).resolves.toMatchObject({
        status: 401,
        said: "the token's https://app.example.com/uid is wrong",
      });
    await expect(ask(await bearer(good))).resolves.toMatchObject({ status: 401 });
  });

  test("what npm run token has to sign", async () => {
    const form = { algorithm: "HS512", issuer: "us", audience: "them", userClaim: "uid" } as const;
    const claims = { subject: "ann", ttlSeconds: 60, now: NOW };
    const token = await signApiToken(SECRET, claims, form);
    const answer = await jwt(form).ask({ authorization: `Bearer ${token}` });
    expect(answer).toMatchObject({ status: 200, said: "ann" });
  });
});

const cookie = async () => ({ cookie: `a=b; token=${await sign(good)}` });

describe("a token in a cookie", () => {
  test("counts where the settings name the cookie, and nowhere else", async () => {
    const headers = await cookie();
    await expect(jwt({ cookie: "token" }).ask(headers)).resolves.toMatchObject({ said: "ann" });
    await expect(jwt({ cookie: "other" }).ask(headers)).resolves.toMatchObject({ status: 401 });
    await expect(jwt().ask(headers)).resolves.toMatchObject({
      status: 401,
      said: "a bearer token is needed",
    });
  });

  test("does not help an authorization header that is wrong", async () => {
    const headers = { ...(await cookie()), authorization: "Bearer wrong" };
    await expect(jwt({ cookie: "token" }).ask(headers)).resolves.toMatchObject({ status: 401 });
  });

  test("is refused when a page of another site made the browser send it", async () => {
    const headers = { ...(await cookie()), origin: "https://evil.example" };
    await expect(jwt({ cookie: "token" }).ask(headers)).resolves.toMatchObject({ status: 403 });
  });
});

test("a bearer token may come from any site: its page had to know it", async () => {
  const headers = { ...(await bearer(good)), origin: "https://other.example" };
  await expect(jwt().ask(headers)).resolves.toMatchObject({ status: 200, said: "ann" });
});

test("a sign-in whose secret is missing stops the start", () => {
  expect(() => signInOf(SignInSettings.parse({ kind: "jwt" }), deps)).toThrow("no secret");
});
