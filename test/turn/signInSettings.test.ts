import { describe, expect, test } from "@jest/globals";
import { SignInSettings } from "../../turn/signInSettings.ts";

const SECRET = "canary-secret-0123456789abcdef0123456789abcdef0123456789abcdef-0123";
const jwks = {
  kind: "jwks",
  url: "https://id.example.com/jwks",
  issuer: "https://id.example.com/",
  audience: "calls",
};
const cookie = { kind: "cookie", secrets: [SECRET] };
const forward = { kind: "forward", url: "https://app.example.com/session" };

/** Where the problems are, and what is wanted there. */
const problemsOf = (settings: unknown): string[] =>
  SignInSettings.safeParse(settings).error?.issues.map(
    ({ path, message }) => `${path.join(".")}: ${message}`,
  ) ?? [];

test("what is not said has a default", () => {
  expect(SignInSettings.parse({ kind: "jwt" })).toEqual({
    kind: "jwt",
    algorithm: "HS256",
    issuer: "turnkey",
    audience: "turnkey-api",
    userClaim: "sub",
  });
  expect(SignInSettings.parse(jwks)).toEqual({
    ...jwks,
    algorithms: ["RS256", "ES256"],
    timeoutSeconds: 3,
    cacheSeconds: 600,
    outageSeconds: 3600,
    userClaim: "sub",
  });
  expect(SignInSettings.parse(cookie)).toEqual({
    ...cookie,
    name: "session",
    userField: "userId",
    expiresField: "expiresAt",
  });
  expect(SignInSettings.parse(forward)).toEqual({
    ...forward,
    headers: ["cookie", "authorization"],
    userHeader: "x-user-id",
    timeoutSeconds: 2,
    cacheSeconds: 10,
  });
});

test.each([
  { kind: "jwt", secret: SECRET, algorithm: "HS512", cookie: "__Host-token" },
  jwks,
  cookie,
  { ...forward, userField: "data.user.id" },
])("what was read can be written and read again: $kind", (settings) => {
  const parsed = SignInSettings.parse(settings);
  expect(SignInSettings.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed);
});

describe("refused is", () => {
  test.each([
    ["no kind", {}, ": one of jwt, jwks, cookie, forward"],
    ["another kind", { kind: "none" }, ": one of jwt, jwks, cookie, forward"],
    ["an algorithm none", { kind: "jwt", algorithm: "none" }, "algorithm: one of HS256"],
    ["an algorithm with public keys", { kind: "jwt", algorithm: "RS256" }, "algorithm: one of"],
    ["a short secret", { kind: "jwt", secret: "x".repeat(31) }, "at least 32 characters"],
    [
      "a secret shorter than the hash",
      { kind: "jwt", secret: "x".repeat(63), algorithm: "HS512" },
      "secret: a text of at least 64 characters for HS512",
    ],
    [
      "a generated secret for more than HS256",
      { kind: "jwt", algorithm: "HS384" },
      "secret: a text of at least 48 characters for HS384",
    ],
    [
      "a claim that breaks a header",
      { kind: "jwt", userClaim: 'a"b' },
      "userClaim: a claim's name",
    ],
    ["a secret of another kind", { ...jwks, secret: SECRET }, 'Unrecognized key: "secret"'],
    ["no issuer of keys", { ...jwks, issuer: undefined }, "issuer"],
    ["no audience of keys", { ...jwks, audience: undefined }, "audience"],
    ["a shared secret's algorithm for keys", { ...jwks, algorithms: ["HS256"] }, "one of RS256"],
    ["no algorithm for keys", { ...jwks, algorithms: [] }, "at least one algorithm"],
    ["no secret of cookies", { kind: "cookie", secrets: [] }, "at least one secret"],
    ["a short secret of cookies", { ...cookie, secrets: ["x".repeat(31)] }, "secrets.0"],
    ["a cookie's name with a space", { ...cookie, name: "my session" }, "name: "],
    ["a field that breaks a header", { ...cookie, expiresField: "é" }, "expiresField: a field"],
    ["a path with an empty field", { ...cookie, userField: "user..id" }, "userField: a field"],
    ["no header to pass on", { ...forward, headers: [] }, "at least one header"],
    ["the Host header", { ...forward, headers: ["Host"] }, "headers.0: "],
    ["the body's length", { ...forward, headers: ["Content-Length"] }, "headers.0: "],
    ["an endless wait", { ...forward, timeoutSeconds: 60 }, "timeoutSeconds: at most 10"],
    ["no wait", { ...jwks, timeoutSeconds: 0 }, "timeoutSeconds: at least 1"],
    ["a cache of an hour", { ...forward, cacheSeconds: 3600 }, "cacheSeconds: at most 300"],
  ])("%s", (_what, settings, problem) => {
    expect(problemsOf(settings).join("\n")).toContain(problem);
  });

  test("never quoted when it is a secret", () => {
    const short = "canary-short";
    for (const settings of [
      { kind: "jwt", secret: short },
      { kind: "cookie", secrets: [short] },
      { kind: "jwt", secret: SECRET, algorithm: "HS512", extra: 1 },
    ])
      expect(JSON.stringify(SignInSettings.safeParse(settings).error?.issues)).not.toContain(
        "canary",
      );
  });
});

describe("another server is asked", () => {
  test.each([
    "https://id.example.com/jwks",
    "http://127.0.0.1:3000/session",
    "http://127.9.9.9/",
    "http://localhost:3000/",
    "http://[::1]:3000/",
    "http://host.docker.internal:3000/session",
  ])("at %s", (url) => {
    expect(problemsOf({ ...jwks, url })).toEqual([]);
    expect(problemsOf({ ...forward, url })).toEqual([]);
  });

  test.each([
    "http://id.example.com/jwks",
    "http://10.0.0.7/",
    "http://127.0.0.1.example.com/",
    "http://localhost.example.com/",
    "https://user:password@id.example.com/",
    "file:///etc/passwd",
    "ftp://id.example.com/",
    "id.example.com",
    "",
  ])("never at %j, where others could read or change what is said", (url) => {
    for (const settings of [jwks, forward])
      expect(problemsOf({ ...settings, url }).join()).toContain("url: an https: URL");
  });
});

test("headers are compared without regard to case, as HTTP does", () => {
  const parsed = SignInSettings.parse({
    ...forward,
    headers: ["Cookie"],
    userHeader: "Remote-User",
  });
  expect(parsed).toMatchObject({ headers: ["cookie"], userHeader: "remote-user" });
});
