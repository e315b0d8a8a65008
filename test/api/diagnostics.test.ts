import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { TokenVerifier } from "livekit-server-sdk";
import { type DiagnosticsAccess, diagnosticsAccess } from "../../api/diagnosticsAccess.ts";
import type { Page } from "../../api/page.ts";
import { diagnosticsOf } from "../../api/routes/diagnosticsPage.ts";
import { DiagnosticsSession } from "../../api/routes/diagnosticsSession.ts";
import { isDiagnosticsSession } from "../../client/diagnostics/session.ts";
import { defaultGrants } from "../../turn/roomGrants.ts";
import { SignInSettings } from "../../turn/signInSettings.ts";
import { secrets, signedIn, testApi } from "../support/api.ts";

const page: Page = {
  html: '<!doctype html><body data-access="anybody"></body>',
  assets: { "main-ABC.js": { type: "text/javascript", text: "run()" } },
};
const demoPage: Page = { html: "<!doctype html>", assets: {} };
const url = "/diagnostics/session";
const headers = { host: "127.0.0.1:7890", "sec-fetch-site": "same-origin" };
const session = { method: "POST", url, headers } as const;

type Changed = Parameters<typeof testApi>[0];
const served = (access: DiagnosticsAccess, changed: Changed = {}) =>
  testApi({ diagnostics: diagnosticsOf(page, access), ...changed });

test.each([
  { method: "GET", url: "/diagnostics" },
  { method: "GET", url: "/diagnostics/" },
  { method: "GET", url: "/diagnostics/main-ABC.js" },
  session,
] as const)("switched off, $method $url is not found", async (request) => {
  expect((await testApi({ demoPage }).app.inject(request)).statusCode).toBe(404);
});

describe("whom a deployment lets in", () => {
  const jwks = { kind: "jwks", url: "https://a.example/jwks", issuer: "a", audience: "b" };
  const secret = "s".repeat(32);
  test.each([
    { signIn: { kind: "jwt" }, access: "token" },
    { signIn: { kind: "jwt", cookie: "session" }, access: "browser" },
    { signIn: jwks, access: "token" },
    { signIn: { ...jwks, cookie: "session" }, access: "browser" },
    { signIn: { kind: "cookie", secrets: [secret] }, access: "browser" },
    { signIn: { kind: "forward", url: "https://a.example/me" }, access: "browser" },
    {
      signIn: { kind: "forward", url: "https://a.example/me", headers: ["authorization"] },
      access: "token",
    },
  ])("$signIn asks for a $access; with the demo it is anybody", ({ signIn, access }) => {
    const settings = SignInSettings.parse(signIn);
    expect(diagnosticsAccess(settings, false)).toBe(access);
    expect(diagnosticsAccess(settings, true)).toBe("anybody");
  });
});

describe("the page", () => {
  test.each([
    { access: "anybody", path: "/diagnostics" },
    { access: "token", path: "/diagnostics/" },
  ] as const)("for $access is open and tells its script so", async ({ access, path }) => {
    const answer = await served(access).app.inject(path);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain(`data-access="${access}"`);
    expect(answer.headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-cache",
      "permissions-policy": "camera=(), microphone=()",
    });
  });

  test("for a browser that is signed in is for nobody else; what it loads is no secret", async () => {
    const { app } = served("browser");
    expect((await app.inject("/diagnostics")).statusCode).toBe(401);
    const answer = await app.inject({ url: "/diagnostics", headers: await signedIn("ann") });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('data-access="browser"');
    expect((await app.inject("/diagnostics/main-ABC.js")).body).toBe("run()");
  });

  test("may run its own script, and talk to the API, the edge and LiveKit alone", async () => {
    const { app } = served("anybody", { edgeLivekitUrl: "wss://192.168.1.5" });
    const policy = String((await app.inject("/diagnostics")).headers["content-security-policy"]);
    expect(policy.split("; ")).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src data:",
      "connect-src 'self' ws://127.0.0.1:7880 http://127.0.0.1:7880 wss://192.168.1.5 https://192.168.1.5",
      "media-src 'self' blob:",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
  });

  test("has the place to tell it", () => {
    const file = join(import.meta.dirname, "..", "..", "client", "diagnostics", "index.html");
    const html = readFileSync(file, "utf8");
    const told = diagnosticsOf({ ...page, html }, "token").page.html;
    expect(told).toContain('<body data-access="token">');
  });

  test("that has no place to tell it is noticed when the API starts", () => {
    const unmarked = { ...page, html: "<!doctype html>" };
    expect(() => diagnosticsOf(unmarked, "token")).toThrow("data-access");
  });
});

describe("a session", () => {
  test("is what the page takes for one, and is stored nowhere", async () => {
    const answer = await served("anybody").app.inject(session);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(isDiagnosticsSession(answer.json())).toBe(true);
    expect(DiagnosticsSession.parse(answer.json())).toEqual(answer.json());
    expect(answer.json()).not.toHaveProperty("edge");
  });

  test("names the edge, which the page asks whether TLS passes whole", async () => {
    const { app } = served("anybody", { edgeLivekitUrl: "wss://192.168.1.5:8443" });
    const answer = await app.inject(session);
    expect(answer.json()).toHaveProperty("edge", "https://192.168.1.5:8443");
    expect(isDiagnosticsSession(answer.json())).toBe(true);
  });

  test.each([
    { access: "anybody", user: "diagnostics-random" },
    { access: "token", user: "ann" },
    { access: "browser", user: "ann" },
  ] as const)("of $access lasts 10 minutes, in a room of its own", async ({ access, user }) => {
    const grants = { ...defaultGrants, publish: false };
    const long = { credentialTtlSeconds: 86_400, roomTokenTtlSeconds: 3_600, grants };
    const { app, logLines } = served(access, long);
    const sent = { ...session, headers: { ...headers, ...(await signedIn("ann")) } };
    const got = DiagnosticsSession.parse((await app.inject(sent)).json());
    expect(got.user).toBe(user);
    expect(got.ice.ttl).toBe(600);
    const { key, secret } = secrets.roomKey;
    const claims = await new TokenVerifier(key, secret).verify(got.livekit.participant_token);
    expect(claims).toMatchObject({ sub: user, video: { room: "diagnostics-random" } });
    expect(claims.video).toMatchObject({ canPublish: true, canSubscribe: false });
    expect(claims.video).not.toHaveProperty("roomAdmin");
    expect((claims.exp ?? 0) - Date.now() / 1000).toBeLessThanOrEqual(600);
    const audits = logLines.filter((line) => line.includes('"audit"'));
    expect(audits.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { audit: "turn-credential", user },
      { audit: "room-token", user, room: "diagnostics-random" },
    ]);
  });

  test.each(["token", "browser"] as const)(
    "is for nobody who is not signed in, where a %s is asked for",
    async (access) => {
      const { app, logLines } = served(access);
      const answer = await app.inject(session);
      expect(answer.statusCode).toBe(401);
      expect(logLines.join("")).not.toContain("audit");
    },
  );

  test("without a sign-in is for 30 in a minute", async () => {
    const { app } = served("anybody");
    for (let count = 0; count < 30; count++) {
      // oxlint-disable-next-line no-await-in-loop -- each counts on the others
      expect((await app.inject(session)).statusCode).toBe(200);
    }
    const refused = await app.inject(session);
    expect(refused.statusCode).toBe(429);
    expect(refused.headers["retry-after"]).toBe("60");
  });
});

describe("another site's page", () => {
  test.each([
    { what: "a name that it points here", header: { host: "evil.example:7890" } },
    { what: "another site", header: { "sec-fetch-site": "cross-site" } },
    { what: "another port of this machine", header: { "sec-fetch-site": "same-site" } },
  ])("gets no session from $what", async ({ header }) => {
    const { app, logLines } = served("anybody");
    const answer = await app.inject({ ...session, headers: { ...headers, ...header } });
    expect(answer.statusCode).toBe(403);
    expect(logLines.join("")).not.toContain("audit");
  });

  test("gets none with somebody's sign-in either", async () => {
    const sent = { ...headers, ...(await signedIn("ann")), "sec-fetch-site": "same-site" };
    const answer = await served("browser").app.inject({ ...session, headers: sent });
    expect(answer.statusCode).toBe(403);
  });
});
