import { describe, expect, test } from "@jest/globals";
import { TokenVerifier } from "livekit-server-sdk";
import type { Page } from "../../api/page.ts";
import { PageSession } from "../../api/pageSession.ts";
import { isSession } from "../../client/pages/session.ts";
import { NOW, secrets, testApi } from "../support/api.ts";

const demoPage: Page = {
  html: "<!doctype html><title>demo</title>",
  assets: {
    "main-ABC.js": { type: "text/javascript", text: "run()" },
    "style-DEF.css": { type: "text/css", text: "p{}" },
  },
};
const url = "/demo/join";
const headers = { host: "127.0.0.1:7890", "sec-fetch-site": "same-origin" };
const join = { method: "POST", url, headers, payload: { room: "a" } } as const;
const demo = (changed: Parameters<typeof testApi>[0] = {}) => testApi({ demoPage, ...changed });

describe("without the demo", () => {
  test.each([
    { method: "GET", url: "/demo" },
    { method: "GET", url: "/demo/" },
    { method: "GET", url: "/demo/main-ABC.js" },
    join,
  ] as const)("$method $url is not found", async (request) => {
    expect((await testApi().app.inject(request)).statusCode).toBe(404);
  });
});

describe("the page", () => {
  test.each(["/demo", "/demo/"])("is served at %s, and asked for anew each time", async (path) => {
    const answer = await demo().app.inject(path);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toBe(demoPage.html);
    expect(answer.headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-cache",
      "x-content-type-options": "nosniff",
    });
  });

  test("may run its own script, and talk to the API and to LiveKit alone", async () => {
    const { app } = demo({ edgeLivekitUrl: "wss://192.168.1.5" });
    const policy = String((await app.inject("/demo")).headers["content-security-policy"]);
    const rules = Object.fromEntries(
      policy.split("; ").map((rule) => [rule.split(" ")[0], rule.split(" ").slice(1)]),
    );
    expect(rules).toMatchObject({ "default-src": ["'none'"], "script-src": ["'self'"] });
    expect(rules["connect-src"]).toEqual([
      "'self'",
      "ws://127.0.0.1:7880",
      "http://127.0.0.1:7880",
      "wss://192.168.1.5",
      "https://192.168.1.5",
    ]);
    expect(policy).not.toContain("unsafe");
  });

  test("loads what browsers may keep for good, as its name changes with it", async () => {
    const answer = await demo().app.inject("/demo/style-DEF.css");
    expect(answer.body).toBe("p{}");
    expect(answer.headers).toMatchObject({ "content-type": "text/css" });
    expect(answer.headers["cache-control"]).toContain("immutable");
  });
});

describe("joining", () => {
  test("gives what the page takes for a session, to be stored nowhere", async () => {
    const answer = await demo().app.inject(join);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(isSession(answer.json())).toBe(true);
    expect(PageSession.parse(answer.json())).toEqual(answer.json());
  });

  test("gives 10 minutes in a demo room and on the relay, and no API token", async () => {
    const { app, logLines } = demo({ credentialTtlSeconds: 86_400, roomTokenTtlSeconds: 3_600 });
    const { user, livekit, ice, ...more } = PageSession.parse((await app.inject(join)).json());
    const { key, secret } = secrets.roomKey;
    const claims = await new TokenVerifier(key, secret).verify(livekit.participant_token);
    expect(claims).toMatchObject({ sub: user, video: { room: "demo-a", roomJoin: true } });
    expect(claims.video).not.toHaveProperty("roomAdmin");
    expect((claims.exp ?? 0) - Date.now() / 1000).toBeLessThanOrEqual(600);
    expect(ice).toMatchObject({ ttl: 600, expiresAt: "2030-01-01T00:10:00.000Z" });
    expect(more).toEqual({});
    const audits = logLines.filter((line) => line.includes('"audit"'));
    expect(audits.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { audit: "turn-credential", user },
      { audit: "room-token", user, room: "demo-a" },
    ]);
  });

  test("lasts no longer than the stack's own credentials", async () => {
    const { app } = demo({ credentialTtlSeconds: 60 });
    expect((await app.inject(join)).json()).toHaveProperty("ice.ttl", 60);
  });

  test("its token opens no other route", async () => {
    const { app } = demo();
    const { livekit } = PageSession.parse((await app.inject(join)).json());
    const authorization = `Bearer ${livekit.participant_token}`;
    const answer = await app.inject({
      url: "/api/livekit/ice-config",
      headers: { authorization },
    });
    expect(answer.statusCode).toBe(401);
  });

  test("over HTTPS leads to wss", async () => {
    const { app } = demo({ edgeLivekitUrl: "wss://192.168.1.5" });
    const forwarded = { ...headers, host: "192.168.1.5", "x-forwarded-proto": "https" };
    const answer = await app.inject({ ...join, headers: forwarded });
    expect(answer.json()).toHaveProperty("livekit.server_url", "wss://192.168.1.5");
  });

  test.each(["", "a b", "a/b", "x".repeat(65), "é"])("room %j is refused", async (room) => {
    const answer = await demo().app.inject({ ...join, payload: { room } });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toHaveProperty("message", expect.stringContaining("room"));
  });

  test("is for 30 in a minute, and for more when the first are a minute old", async () => {
    let at = NOW.getTime();
    const { app, logLines } = demo({ now: () => new Date(at) });
    for (let count = 0; count < 30; count++) {
      // oxlint-disable-next-line no-await-in-loop -- each counts on the others
      expect((await app.inject(join)).statusCode).toBe(200);
    }
    at += 12_000;
    const minted = logLines.length;
    const refused = await app.inject(join);
    expect(refused.statusCode).toBe(429);
    expect(refused.headers["retry-after"]).toBe("48");
    expect(logLines.slice(minted).join("")).not.toContain("audit");
    at += 48_000;
    expect((await app.inject(join)).statusCode).toBe(200);
  });
});

describe("another site's page", () => {
  test.each([
    { what: "a name that it points here", header: { host: "evil.example:7890" } },
    {
      what: "such a name, forwarded as ours",
      header: { host: "evil.example", "x-forwarded-host": "127.0.0.1" },
    },
    { what: "another site", header: { "sec-fetch-site": "cross-site" } },
    { what: "another port of this machine", header: { "sec-fetch-site": "same-site" } },
  ])("does not join from $what", async ({ header }) => {
    const { app, logLines } = demo({ edgeLivekitUrl: "wss://192.168.1.5" });
    const answer = await app.inject({ ...join, headers: { ...headers, ...header } });
    expect(answer.statusCode).toBe(403);
    expect(logLines.join("")).not.toContain("audit");
  });

  test.each(["127.0.0.1:7890", "localhost:7890", "192.168.1.5", "call.example.org"])(
    "is not what a request to %s comes from, when the edge has that name",
    async (host) => {
      const { app } = demo({ edgeLivekitUrl: "wss://call.example.org" });
      const answer = await app.inject({ ...join, headers: { ...headers, host } });
      expect(answer.statusCode).toBe(200);
    },
  );
});
