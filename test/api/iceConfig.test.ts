import { describe, expect, test } from "@jest/globals";
import { iceChainOf } from "../../api/iceSources/iceChainOf.ts";
import { IceSources } from "../../turn/iceSources.ts";
import { livekit } from "../../turn/livekit.ts";
import { participantId } from "../../turn/participantId.ts";
import { NOW, ownTurn, secrets, signedIn, testApi } from "../support/api.ts";
import { iceService, json, silence } from "../support/iceService.ts";

const expiry = NOW.getTime() / 1000 + 3600;
const turnIdOf = (user: string) => participantId(secrets.userIdKey, user);
const serversFor = (user: string, end = expiry) => [
  { urls: ["stun:127.0.0.1:443"] },
  {
    urls: ["turn:127.0.0.1:443?transport=udp", "turns:127.0.0.1:5349?transport=tcp"],
    ...livekit.mint(secrets.turnKey, turnIdOf(user), end),
  },
];
const PEERWAVE = "/api/livekit/ice-config";
const VOX = "/api/v1/calls/webrtc-config";

/** An application whose ICE servers come from these sources, and what `user` gets from it. */
function apiWith(sources: unknown[], changed: Parameters<typeof testApi>[0] = {}) {
  const iceSources = iceChainOf(IceSources.parse(sources), { ownTurn, fetch });
  const { app, logLines } = testApi({ iceSources, ...changed });
  const lines = () => logLines.map((line): unknown => JSON.parse(line));
  return {
    app,
    logLines,
    ask: async (user = "ann", url = PEERWAVE) => app.inject({ url, headers: await signedIn(user) }),
    /** The log's lines that hold a member, without what Fastify adds. */
    linesWith: (member: string) =>
      lines().filter((it) => typeof it === "object" && it !== null && member in it),
  };
}

test("PeerWave's endpoint answers with ICE servers, their life and its end in UTC", async () => {
  const { app } = testApi();
  const headers = await signedIn("ann");
  const answer = await app.inject({ url: PEERWAVE, headers });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toStrictEqual({
    iceServers: serversFor("ann"),
    ttl: 3600,
    expiresAt: "2030-01-01T01:00:00.000Z",
  });
});

test("VOX's endpoint answers with the same ICE servers in its envelope", async () => {
  const { app } = testApi();
  const headers = await signedIn("ann");
  const answer = await app.inject({ url: VOX, headers });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toStrictEqual({ success: true, data: { iceServers: serversFor("ann") } });
});

test("the end is a whole second, the one in the user name, and not before the life told is over", async () => {
  const { app } = testApi({ now: () => new Date(NOW.getTime() + 1) });
  const answer = await app.inject({ url: PEERWAVE, headers: await signedIn("ann") });
  expect(answer.json()).toEqual({
    iceServers: serversFor("ann", expiry + 1),
    ttl: 3600,
    expiresAt: "2030-01-01T01:00:01.000Z",
  });
});

test("a stack without a STUN URL answers with the relay alone", async () => {
  const alone = { ...ownTurn, iceUrls: ["turn:127.0.0.1:443?transport=udp"] };
  const iceSources = iceChainOf(IceSources.parse(undefined), { ownTurn: alone, fetch });
  const { app } = testApi({ iceSources });
  const answer = await app.inject({ url: PEERWAVE, headers: await signedIn("ann") });
  expect(answer.json()).toHaveProperty("iceServers.length", 1);
  expect(answer.json()).toHaveProperty("iceServers.0.urls", ["turn:127.0.0.1:443?transport=udp"]);
});

describe("the user", () => {
  test("is the token's subject, whatever the request says", async () => {
    const { app } = testApi();
    const answer = await app.inject({
      url: PEERWAVE,
      query: { user: "bob", sub: "bob", userId: "bob" },
      headers: { ...(await signedIn("ann")), "x-user": "bob", "x-forwarded-user": "bob" },
    });
    expect(answer.json()).toHaveProperty("iceServers", serversFor("ann"));
  });

  test("is readable nowhere in the credential", async () => {
    const { app } = testApi();
    const answer = await app.inject({
      url: PEERWAVE,
      headers: await signedIn("ann.smith@example.org"),
    });
    expect(answer.body).not.toContain("ann.smith");
  });
});

test("each credential leaves one audit line that tells whose it is, of which key, from where and until when", async () => {
  const { app, logLines } = testApi({ keyGeneration: 7 });
  const answer = await app.inject({ url: PEERWAVE, headers: await signedIn("ann") });
  const audits = logLines.filter((line) => line.includes('"audit"'));
  expect(audits).toHaveLength(1);
  expect(JSON.parse(audits[0] ?? "")).toMatchObject({
    audit: "turn-credential",
    user: "ann",
    turnId: turnIdOf("ann"),
    keyGeneration: 7,
    source: "livekit",
    ttl: 3600,
    expiresAt: "2030-01-01T01:00:00.000Z",
    served: ["livekit"],
  });
  expect(answer.json()).toHaveProperty("iceServers", serversFor("ann"));
  const { username, credential } = livekit.mint(secrets.turnKey, turnIdOf("ann"), expiry);
  expect(logLines.join("")).not.toContain(username);
  expect(logLines.join("")).not.toContain(credential);
});

test("asking with HEAD mints nothing", async () => {
  const { app, logLines } = testApi();
  const headers = await signedIn("ann");
  const answer = await app.inject({ method: "HEAD", url: PEERWAVE, headers });
  expect(answer.statusCode).toBe(405);
  expect(logLines.join("")).not.toContain("audit");
});

const askFor = async (url: string, query: string, credentialTtlSeconds?: number) => {
  const { app, logLines } = testApi(
    credentialTtlSeconds === undefined ? {} : { credentialTtlSeconds },
  );
  const answer = await app.inject({ url: `${url}?${query}`, headers: await signedIn("ann") });
  return { answer, log: logLines.join("") };
};

describe("the life of a credential", () => {
  test.each([
    { ttl: 60, expiresAt: "2030-01-01T00:01:00.000Z" },
    { ttl: 3600, expiresAt: "2030-01-01T01:00:00.000Z" },
  ])("may be asked for: $ttl s", async ({ ttl, expiresAt }) => {
    const { answer } = await askFor(PEERWAVE, `ttl=${ttl}`);
    const iceServers = serversFor("ann", NOW.getTime() / 1000 + ttl);
    expect(answer.json()).toEqual({ iceServers, ttl, expiresAt });
    const vox = await askFor(VOX, `ttl=${ttl}`);
    expect(vox.answer.json()).toEqual({ success: true, data: { iceServers } });
  });

  test("is at most what the deployment says, up to a day", async () => {
    const { answer } = await askFor(PEERWAVE, "ttl=86400", 86_400);
    expect(answer.json()).toMatchObject({ ttl: 86_400, expiresAt: "2030-01-02T00:00:00.000Z" });
  });

  test.each([
    { query: "ttl=59", given: "59" },
    { query: "ttl=3601", given: "3601" },
    { query: "ttl=0", given: "0" },
    { query: "ttl=", given: '""' },
    { query: "ttl=an%20hour", given: '"an hour"' },
    { query: "ttl=-60", given: '"-60"' },
    { query: "ttl=60.5", given: '"60.5"' },
    { query: "ttl=6e1", given: '"6e1"' },
    { query: "ttl=0x3c", given: '"0x3c"' },
    { query: "ttl=60&ttl=70", given: '["60","70"]' },
    { query: `ttl=${"9".repeat(40)}`, given: `"${"9".repeat(31)}` },
  ])("is refused when asked for with $query", async ({ query, given }) => {
    for (const url of [PEERWAVE, VOX]) {
      // oxlint-disable-next-line no-await-in-loop -- two
      const { answer, log } = await askFor(url, query);
      expect(answer.statusCode).toBe(400);
      expect(answer.json()).toHaveProperty(
        "message",
        `ttl: ${given} given, wanted is a whole number of seconds from 60 to 3600`,
      );
      expect(log).not.toContain("audit");
    }
  });
});

test.each([PEERWAVE, VOX])(
  "the description of %s tells which lives may be asked for",
  async (url) => {
    const { app } = testApi();
    const answer = await app.inject("/openapi.json");
    expect(answer.json()).toHaveProperty(
      ["paths", url, "get", "parameters"],
      [
        {
          in: "query",
          name: "ttl",
          required: false,
          description: expect.any(String),
          schema: { type: "integer", minimum: 60, maximum: 3600 },
        },
      ],
    );
  },
);

const login = { username: "managed-name", credential: "canary-managed-password" };
const turn = { urls: ["turn:cloud.example.org:3478?transport=udp"], ...login };
const cloudflare = { kind: "cloudflare", keyId: "id", apiToken: "canary-api-token" };

describe("with several sources", () => {
  test("the answer ends when the first of its credentials does", async () => {
    await using service = await iceService(json({ ttl: "120", ice_servers: turn }, 201));
    const twilio = { kind: "twilio", accountSid: `AC${"0".repeat(32)}`, secret: "canary" };
    const { ask, linesWith } = apiWith([{ kind: "livekit" }, { ...twilio, url: service.url }]);
    const answer = await ask();
    expect(answer.json()).toEqual({
      iceServers: [...serversFor("ann"), turn],
      ttl: 120,
      expiresAt: "2030-01-01T00:02:00.000Z",
    });
    expect(linesWith("audit")).toMatchObject([
      {
        source: "livekit",
        ttl: 3600,
        expiresAt: "2030-01-01T01:00:00.000Z",
        turnId: turnIdOf("ann"),
      },
      {
        source: "twilio",
        ttl: 120,
        expiresAt: "2030-01-01T00:02:00.000Z",
        turnId: turnIdOf("ann"),
      },
    ]);
  });

  test("a source that gives longer than asked is told as it is", async () => {
    await using service = await iceService(json({ ttl: "86400", ice_servers: turn }, 201));
    const twilio = { kind: "twilio", accountSid: `AC${"0".repeat(32)}`, secret: "canary" };
    const { ask } = apiWith([{ ...twilio, url: service.url }]);
    expect((await ask("ann", `${PEERWAVE}?ttl=60`)).json()).toMatchObject({
      ttl: 86_400,
      expiresAt: "2030-01-02T00:00:00.000Z",
    });
  });

  test("the life told is what is left when the answer is given", async () => {
    let at = NOW.getTime();
    await using service = await iceService((response) => {
      at += 1_500;
      json({ iceServers: turn }, 201)(response);
    });
    const { ask } = apiWith([{ ...cloudflare, url: service.url }], { now: () => new Date(at) });
    expect((await ask()).json()).toMatchObject({
      ttl: 3598,
      expiresAt: "2030-01-01T01:00:00.000Z",
    });
  });

  test("one that never answers does not keep the others' servers from the user", async () => {
    await using service = await iceService(silence);
    const slow = { ...cloudflare, url: service.url, timeoutMs: 100 };
    const { ask, linesWith } = apiWith([slow, { kind: "livekit" }]);
    const answer = await ask();
    expect(answer.json()).toHaveProperty("iceServers", serversFor("ann"));
    expect(service.asked).toHaveLength(1);
    expect(linesWith("failed")).toMatchObject([
      {
        user: "ann",
        turnId: turnIdOf("ann"),
        served: ["livekit"],
        failed: [{ source: "cloudflare", reason: "gave no answer within 100 ms" }],
      },
    ]);
  });

  test("a fallback is asked when the first choice is broken, and not before", async () => {
    let isWell = true;
    await using service = await iceService((response) =>
      isWell ? json({ iceServers: turn }, 201)(response) : json({}, 500)(response),
    );
    const { ask, linesWith } = apiWith([
      { ...cloudflare, url: service.url },
      { kind: "livekit", fallback: true },
    ]);
    expect((await ask("ann")).json()).toHaveProperty("iceServers", [turn]);
    isWell = false;
    expect((await ask("bob")).json()).toHaveProperty("iceServers", serversFor("bob"));
    expect(linesWith("failed")).toMatchObject([
      {
        served: ["livekit"],
        failed: [{ source: "cloudflare", reason: "answered with status 500" }],
      },
    ]);
  });

  test("when none serves, the answer is 503 with a time to come back, and the log tells why", async () => {
    await using service = await iceService(json({}, 500));
    const { ask, linesWith } = apiWith([
      { ...cloudflare, url: service.url },
      { ...cloudflare, url: service.url },
    ]);
    const answers = await Promise.all([ask("ann", PEERWAVE), ask("bob", VOX)]);
    for (const answer of answers) {
      expect(answer.statusCode).toBe(503);
      expect(answer.headers["retry-after"]).toBe("5");
      expect(answer.json()).toHaveProperty(
        "message",
        "no ICE server is to be had at the moment - try again in 5 s",
      );
    }
    const reason = "answered with status 500";
    const failed = [
      { source: "cloudflare", reason },
      { source: "cloudflare-2", reason },
    ];
    expect(linesWith("failed")).toMatchObject([{ failed }, { failed }]);
    expect(linesWith("audit")).toEqual([]);
  });
});

test("a name and password for everybody leave an audit line of who got them, without an end", async () => {
  const { ask, linesWith, logLines } = apiWith([
    { kind: "static", iceServers: [turn] },
    { kind: "stun", urls: ["stun:stun.example.org"] },
  ]);
  expect((await ask()).json()).toMatchObject({ ttl: 3600, iceServers: [turn, {}] });
  const audits = linesWith("audit");
  expect(audits).toMatchObject([
    {
      audit: "turn-credential",
      user: "ann",
      turnId: turnIdOf("ann"),
      source: "static",
      served: ["static", "stun"],
      msg: "gave a TURN credential without an end",
    },
  ]);
  expect(audits[0]).not.toHaveProperty("expiresAt");
  expect(logLines.join("")).not.toContain(turn.credential);
});

test("what holds no credential leaves no audit line, is good for the time asked, and the log tells who served", async () => {
  const { ask, linesWith } = apiWith([
    { kind: "static", iceServers: [{ urls: ["stun:own.example.org"] }] },
    { kind: "stun", urls: ["stun:stun.example.org"] },
  ]);
  expect((await ask("ann", `${PEERWAVE}?ttl=600`)).json()).toEqual({
    iceServers: [{ urls: ["stun:own.example.org"] }, { urls: ["stun:stun.example.org"] }],
    ttl: 600,
    expiresAt: "2030-01-01T00:10:00.000Z",
  });
  expect(linesWith("audit")).toEqual([]);
  expect(linesWith("served")).toMatchObject([{ user: "ann", served: ["static", "stun"] }]);
});

describe("requests of one user within 3 s", () => {
  test("share a credential, whose life is told as it is left, and leave one audit line", async () => {
    let at = NOW.getTime();
    const { ask, linesWith } = apiWith([{ kind: "livekit" }], { now: () => new Date(at) });
    await ask();
    at += 2_000;
    expect((await ask()).json()).toEqual({
      iceServers: serversFor("ann"),
      ttl: 3598,
      expiresAt: "2030-01-01T01:00:00.000Z",
    });
    expect((await ask("ann", VOX)).json()).toHaveProperty("data.iceServers", serversFor("ann"));
    expect(linesWith("audit")).toHaveLength(1);
    expect(linesWith("served")).toHaveLength(3);
    at += 1_000;
    expect((await ask()).json()).toMatchObject({
      ttl: 3600,
      iceServers: serversFor("ann", expiry + 3),
    });
    expect(linesWith("audit")).toHaveLength(2);
  });

  test("never share with another user", async () => {
    const { ask, linesWith } = apiWith([{ kind: "livekit" }]);
    const answers = await Promise.all([ask("ann"), ask("bob")]);
    expect(answers.map((it) => it.json())).toMatchObject([
      { iceServers: serversFor("ann") },
      { iceServers: serversFor("bob") },
    ]);
    expect(linesWith("audit")).toHaveLength(2);
  });

  test("share a failure that they waited for together, which the log tells of each", async () => {
    const failed = [{ source: "cloudflare", reason: "answered with status 500" }];
    const ask = () => Promise.resolve({ served: [], failed, isShared: true });
    const api = apiWith([{ kind: "livekit" }], { iceSources: { ask } });
    expect((await api.ask()).statusCode).toBe(503);
    expect(api.linesWith("failed")).toMatchObject([{ user: "ann", served: [], failed }]);
    expect(api.logLines.join("")).not.toContain("gave the ICE servers");
  });

  test("ask a service once when they come together", async () => {
    await using service = await iceService(json({ iceServers: turn }, 201));
    const { ask } = apiWith([{ ...cloudflare, url: service.url }]);
    const answers = await Promise.all([ask(), ask(), ask("ann", VOX)]);
    expect(answers.map((it) => it.statusCode)).toEqual([200, 200, 200]);
    expect(service.asked).toHaveLength(1);
  });
});

/** Every kind of source; the services answer in their own shapes. */
const answers: Readonly<Record<string, unknown>> = {
  "/v1/turn/keys/id/credentials/generate-ice-servers": { iceServers: [turn] },
  [`/2010-04-01/Accounts/AC${"0".repeat(32)}/Tokens.json`]: { ttl: "3600", ice_servers: [turn] },
  "/api/v1/turn/credential": { apiKey: "canary-credential-key", expiryInSeconds: 3600 },
  "/api/v1/turn/credentials": [turn],
  "/_turn/calls": { s: "ok", v: { iceServers: turn } },
};
const everyKind = (url: string) => [
  { kind: "livekit" },
  {
    kind: "shared-secret",
    urls: ["turn:own.example.org"],
    secret: "canary-shared-secret",
  },
  { ...cloudflare, url },
  { kind: "twilio", accountSid: `AC${"0".repeat(32)}`, secret: "canary-twilio-token", url },
  { kind: "metered", app: "demo", secretKey: "canary-metered-key", url },
  { kind: "xirsys", channel: "calls", ident: "me", secret: "canary-xirsys-secret", url },
  { kind: "static", iceServers: [{ ...turn, credential: "canary-static-password" }] },
  { kind: "stun", urls: ["stun:stun.example.org"] },
];

describe("with a source of every kind", () => {
  const user = "ann.smith@example.org";

  test("all serve in their order, and none learns who the user is", async () => {
    await using service = await iceService((response, { url = "" }) =>
      json(answers[url.split("?", 1)[0] ?? ""])(response),
    );
    const { ask, linesWith, logLines } = apiWith(everyKind(service.url));
    const answer = await ask(user);
    const names = everyKind("").map(({ kind }) => kind);
    expect(answer.json()).toHaveProperty("iceServers.length", 9);
    expect(linesWith("audit")).toMatchObject(
      names.slice(0, 7).map((source) => ({ source, served: names })),
    );
    expect(JSON.stringify(service.asked)).toContain(turnIdOf(user));
    expect(JSON.stringify(service.asked)).not.toContain("ann.smith");
    expect(answer.body).not.toContain("ann.smith");
    expect(logLines.join("")).not.toContain("canary");
    expect(answer.body.match(/canary-[a-z-]+/g)?.toSorted()).toEqual([
      ...Array.from({ length: 4 }, () => "canary-managed-password"),
      "canary-static-password",
    ]);
  });

  test.each([
    { how: "an error status", answer: json({ error: "canary" }, 403) },
    { how: "a shape of its own", answer: json("canary") },
  ])("no secret is told when the services answer with $how", async ({ answer }) => {
    await using service = await iceService(answer);
    const managed = everyKind(service.url).slice(2, 6);
    const { ask, logLines, linesWith } = apiWith(managed);
    const refused = await ask(user);
    expect(refused.statusCode).toBe(503);
    expect(linesWith("failed")).toHaveLength(1);
    expect(refused.body + logLines.join("")).not.toContain("canary");
  });
});
