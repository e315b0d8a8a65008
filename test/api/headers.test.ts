import { describe, expect, test } from "@jest/globals";
import { securitySchemes } from "../../api/openapi/securitySchemes.ts";
import { SignInSettings } from "../../turn/signInSettings.ts";
import { signedIn, testApi } from "../support/api.ts";
import { exchange, listening } from "../support/rawHttp.ts";

const ICE = "/api/livekit/ice-config";
const SITE = "https://app.example";

/** Headers that differ from one request to the next, and those of HTTP itself. */
const passing = ["date", "x-request-id", "content-length", "connection", "ratelimit-reset"];

const headersOf = async (
  request: { method?: "GET" | "POST" | "OPTIONS"; url: string; headers?: Record<string, string> },
  changed: Parameters<typeof testApi>[0] = {},
) => {
  const { headers } = await testApi(changed).app.inject(request);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !passing.includes(name)));
};

const careful = {
  "content-security-policy": "default-src 'none';frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};
const json = { "content-type": "application/json; charset=utf-8" };
const counted = { "ratelimit-limit": "10000", "ratelimit-remaining": "9999" };

test("these are all the headers of an answer to a user", async () => {
  expect(await headersOf({ url: ICE, headers: await signedIn("ann") })).toEqual({
    ...careful,
    ...json,
    ...counted,
    "cache-control": "no-store",
  });
});

test.each<[string, string, object]>([
  ["who is not signed in", ICE, { ...counted, "www-authenticate": 'Bearer realm="turnkey"' }],
  ["what is not there", "/nowhere", counted],
  ["health", "/healthz", {}],
  ["readiness", "/readyz", {}],
])("these are all the headers of an answer about %s", async (_, url, more) => {
  expect(await headersOf({ url })).toEqual({
    ...careful,
    ...json,
    ...more,
    "cache-control": "no-store",
  });
});

test("these are all the headers of an answer to what the router cannot read", async () => {
  expect(await headersOf({ url: "/%" })).toEqual({
    ...careful,
    ...json,
    "cache-control": "no-store",
  });
});

test("what is no HTTP is answered with them as well", async () => {
  const { app } = testApi();
  try {
    const [head = ""] = (await exchange(await listening(app), "hello\r\n\r\n")).split("\r\n\r\n");
    for (const [name, value] of Object.entries(careful))
      expect(head).toContain(`\r\n${name}: ${value}`);
  } finally {
    await app.close();
  }
});

test("a page's own policy goes before the one for JSON", async () => {
  const demoPage = { html: "<!doctype html>", assets: {} };
  const headers = await headersOf({ url: "/demo" }, { demoPage });
  expect(headers["content-security-policy"]).toContain("script-src 'self'");
  expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
});

test("HTTPS for good (HSTS) is left to the edge, which ends TLS", async () => {
  const https = { url: "/healthz", headers: { "x-forwarded-proto": "https" } };
  const headers = await headersOf(https, { edgeLivekitUrl: "wss://media.example.org" });
  expect(headers).not.toHaveProperty("strict-transport-security");
});

const preflight = (origin: string) => ({
  method: "OPTIONS" as const,
  url: ICE,
  headers: {
    origin,
    "access-control-request-method": "GET",
    "access-control-request-headers": "authorization",
  },
});

describe("a page of another origin", () => {
  const corsOrigins = ["https://other.example", SITE];

  test("that is listed may read answers to a signed-in user", async () => {
    const headers = { ...(await signedIn("ann")), origin: SITE };
    expect(await headersOf({ url: ICE, headers }, { corsOrigins })).toMatchObject({
      "access-control-allow-origin": SITE,
      "access-control-allow-credentials": "true",
      "access-control-expose-headers":
        "date, ratelimit-limit, ratelimit-remaining, ratelimit-reset, retry-after, x-request-id",
      vary: "Origin",
    });
  });

  test("that is listed may read errors as well, limits among them", async () => {
    const limits = { corsOrigins, addressRequestsPerMinute: 1 };
    const { app } = testApi(limits);
    const headers = { origin: SITE };
    for (const status of [401, 429]) {
      // oxlint-disable-next-line no-await-in-loop -- in order
      const answer = await app.inject({ url: ICE, headers });
      expect(answer.statusCode).toBe(status);
      expect(answer.headers["access-control-allow-origin"]).toBe(SITE);
    }
  });

  test("that is listed hears before it asks that it may", async () => {
    const { app } = testApi({ corsOrigins });
    const answer = await app.inject(preflight(SITE));
    expect(answer.statusCode).toBe(204);
    expect(answer.body).toBe("");
    expect(answer.headers).toMatchObject({
      "access-control-allow-origin": SITE,
      "access-control-allow-credentials": "true",
      "access-control-allow-methods": "GET, POST",
      "access-control-allow-headers": "authorization, content-type",
      vary: "Origin",
    });
  });

  test("that is listed may send the headers that the application's sign-in asks for, and no cookie by script", async () => {
    const signIn = SignInSettings.parse({
      kind: "forward",
      url: "https://app.example/me",
      headers: ["cookie", "authorization", "x-client-id", "x-signature"],
    });
    const { app } = testApi({ corsOrigins, securitySchemes: securitySchemes(signIn) });
    const answer = await app.inject(preflight(SITE));
    expect(answer.headers["access-control-allow-headers"]).toBe(
      "authorization, content-type, x-client-id, x-signature",
    );
  });

  test.each([
    "https://evil.example",
    "http://app.example",
    "https://app.example:8443",
    "https://app.example.evil.example",
    "https://sub.app.example",
    "https://APP.example",
    "null",
    "*",
  ])("that is not listed (%s) hears nothing, and caches keep the two apart", async (origin) => {
    const asked = { url: ICE, headers: { ...(await signedIn("ann")), origin } };
    for (const request of [asked, preflight(origin)]) {
      // oxlint-disable-next-line no-await-in-loop -- in order
      const headers = await headersOf(request, { corsOrigins });
      expect(Object.keys(headers).filter((it) => it.startsWith("access-control"))).toEqual([]);
      expect(headers["vary"]).toBe("Origin");
    }
  });

  test("hears nothing where none is listed", async () => {
    const headers = await headersOf({ url: ICE, headers: { origin: SITE } });
    expect(Object.keys(headers).filter((it) => it.startsWith("access-control"))).toEqual([]);
  });
});
