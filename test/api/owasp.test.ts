/** The OWASP API Security Top 10 (2023), risk by risk, against the whole application. */
import { describe, expect, test } from "@jest/globals";
import { UnsecuredJWT } from "jose";
import { TokenVerifier } from "livekit-server-sdk";
import * as z from "zod";
import { signInOf } from "../../api/signIn/signInOf.ts";
import { IceConfig } from "../../turn/iceConfig.ts";
import { participantId } from "../../turn/participantId.ts";
import { SignInSettings } from "../../turn/signInSettings.ts";
import { goodClaims, NOW, secrets, signAny, signedIn, testApi } from "../support/api.ts";

const ICE = "/api/livekit/ice-config";
const VOX = "/api/v1/calls/webrtc-config";
const TOKEN = "/api/livekit/token";
const forUsers = [
  { method: "GET", url: ICE },
  { method: "GET", url: VOX },
  { method: "POST", url: TOKEN },
] as const;
const canaries = [
  secrets.apiJwtSecret,
  secrets.userIdKey,
  secrets.roomKey.secret,
  secrets.turnKey.secret,
];
const Line = z.record(z.string(), z.unknown());
const audits = (lines: readonly string[]) =>
  lines.map((it) => Line.parse(JSON.parse(it))).filter((it) => "audit" in it);

const failingWith = (text: string) => () => Promise.reject(new Error(text));

describe("API1, API5: nobody gets what is another user's", () => {
  test.each([
    { url: `${ICE}?user=bob&userId=bob&sub=bob` },
    { url: ICE, more: { "x-user-id": "bob", "x-forwarded-user": "bob", "remote-user": "bob" } },
  ])("a TURN credential is the signed-in user's, whoever is named: %j", async ({ url, more }) => {
    const { app, logLines } = testApi();
    const answer = await app.inject({ url, headers: { ...(await signedIn("ann")), ...more } });
    expect(answer.statusCode).toBe(200);
    const turnId = participantId(secrets.userIdKey, "ann");
    expect(audits(logLines)).toEqual([expect.objectContaining({ user: "ann", turnId })]);
  });

  test("a room token's participant is the signed-in user, whoever is named", async () => {
    const { app } = testApi();
    const headers = { ...(await signedIn("ann")), "x-user-id": "bob" };
    const payload = { participant_identity: "bob" };
    const answer = await app.inject({ method: "POST", url: TOKEN, headers, payload });
    const { key, secret } = secrets.roomKey;
    const { participant_token } = answer.json<{ participant_token: string }>();
    const claims = await new TokenVerifier(key, secret).verify(participant_token);
    expect(claims.sub).toBe("ann#bob");
    expect(claims.video).not.toHaveProperty("roomAdmin");
    expect(claims.video).not.toHaveProperty("roomCreate");
  });

  test("two users have two TURN ids, so that a quota of each is of that user alone", async () => {
    const { app, logLines } = testApi();
    for (const user of ["ann", "bob"])
      // oxlint-disable-next-line no-await-in-loop -- in order
      await app.inject({ url: ICE, headers: await signedIn(user) });
    const ids = audits(logLines).map(({ turnId }) => turnId);
    expect(new Set(ids).size).toBe(2);
  });
});

const none = () => new UnsecuredJWT(goodClaims).encode();

describe("API2: nobody gets in without a genuine token", () => {
  test.each<[string, () => string | Promise<string> | undefined]>([
    ["no token", () => undefined],
    ["an expired one", () => signAny({ ...goodClaims, exp: goodClaims.exp - 61 })],
    ["one without an end", () => signAny({ ...goodClaims, exp: undefined })],
    ["alg none", none],
    ["another algorithm", () => signAny(goodClaims, "HS384", secrets.apiJwtSecret.repeat(2))],
    ["a wrong key", () => signAny(goodClaims, "HS256", "another key of thirty-two characters")],
    ["one of the future", () => signAny({ ...goodClaims, nbf: goodClaims.exp })],
    ["one for another audience", () => signAny({ ...goodClaims, aud: "elsewhere" })],
  ])("%s", async (_, make) => {
    const token = await make();
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    for (const route of forUsers) {
      // oxlint-disable-next-line no-await-in-loop -- in order
      const answer = await testApi().app.inject({ ...route, headers });
      expect(answer.statusCode).toBe(401);
    }
  });

  test("no URL carries a token, nor does a cookie that nobody asked for", async () => {
    const token = await signAny(goodClaims);
    for (const request of [
      { url: `${ICE}?access_token=${token}&token=${token}` },
      { url: ICE, headers: { cookie: `token=${token}; access_token=${token}` } },
    ])
      // oxlint-disable-next-line no-await-in-loop -- in order
      expect((await testApi().app.inject(request)).statusCode).toBe(401);
  });
});

describe("API3: an answer has no more than it should", () => {
  test("an ICE configuration is servers, life and end", async () => {
    const answer = await testApi().app.inject({ url: ICE, headers: await signedIn("ann") });
    const told = answer.json<object>();
    expect(Object.keys(told).toSorted()).toEqual(["expiresAt", "iceServers", "ttl"]);
    for (const server of IceConfig.parse(told).iceServers)
      expect(["urls", "username", "credential"]).toEqual(
        expect.arrayContaining(Object.keys(server)),
      );
  });

  test("no secret is in any answer, error or log line", async () => {
    const spoken: string[] = [];
    const logTo = { write: (line: string) => void spoken.push(line) };
    const headers = await signedIn("ann");
    for (const changed of [{}, { signIn: failingWith(`broken: ${canaries.join(" ")}`) }]) {
      const { app } = testApi(changed, { logTo, secrets: canaries });
      for (const route of forUsers)
        // oxlint-disable-next-line no-await-in-loop -- in order
        spoken.push((await app.inject({ ...route, headers })).body);
    }
    expect(spoken.join("")).toContain("broken: [secret]");
    for (const canary of canaries) expect(spoken.join("")).not.toContain(canary);
  });
});

describe("API4: nobody takes more than a share", () => {
  const few = { userRequestsPerMinute: 2 };

  test("a user's request after the last is 429 with Retry-After, and others are not touched", async () => {
    const { app } = testApi(few);
    const [ann, bob] = [await signedIn("ann"), await signedIn("bob")];
    const answers = [];
    for (const headers of [ann, ann, ann, bob])
      // oxlint-disable-next-line no-await-in-loop -- in order
      answers.push(await app.inject({ url: ICE, headers }));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 429, 200]);
    expect(Number(answers[2]?.headers["retry-after"])).toBeGreaterThan(0);
  });

  test("a limit is for all routes of users together", async () => {
    const { app } = testApi(few);
    const headers = await signedIn("ann");
    const statuses = [];
    for (const route of forUsers)
      // oxlint-disable-next-line no-await-in-loop -- in order
      statuses.push((await app.inject({ ...route, headers })).statusCode);
    expect(statuses).toEqual([200, 200, 429]);
  });

  test("an address that guesses tokens is stopped", async () => {
    const { app } = testApi({ addressRequestsPerMinute: 2 });
    const headers = { authorization: "Bearer a.b.c" };
    const statuses = [];
    for (let i = 0; i < 3; i += 1)
      // oxlint-disable-next-line no-await-in-loop -- in order
      statuses.push((await app.inject({ url: ICE, headers })).statusCode);
    expect(statuses).toEqual([401, 401, 429]);
  });

  test("a large body is refused", async () => {
    const headers = await signedIn("ann");
    const payload = { participant_metadata: "x".repeat(8 * 1024) };
    const answer = await testApi().app.inject({ method: "POST", url: TOKEN, headers, payload });
    expect(answer.statusCode).toBe(413);
  });

  test("what is slow is not waited for", () => {
    const { server } = testApi().app;
    expect(server.headersTimeout).toBeGreaterThan(0);
    expect(server.requestTimeout).toBeGreaterThan(0);
  });
});

describe("API6: what is handed out is written down", () => {
  test("each credential and each token has a line that tells whose it is, without the secret", async () => {
    const { app, logLines } = testApi();
    const headers = await signedIn("ann");
    const ice = IceConfig.parse((await app.inject({ url: ICE, headers })).json());
    const token = (await app.inject({ method: "POST", url: TOKEN, headers })).json<{
      participant_token: string;
    }>();
    expect(audits(logLines)).toEqual([
      expect.objectContaining({ audit: "turn-credential", user: "ann", expiresAt: ice.expiresAt }),
      expect.objectContaining({ audit: "room-token", user: "ann" }),
    ]);
    const lines = logLines.join("");
    for (const { credential } of ice.iceServers)
      if (credential !== undefined) expect(lines).not.toContain(credential);
    expect(lines).not.toContain(token.participant_token);
  });

  test("who is refused leaves none", async () => {
    const { app, logLines } = testApi();
    for (const route of forUsers)
      // oxlint-disable-next-line no-await-in-loop -- in order
      await app.inject(route);
    expect(audits(logLines)).toEqual([]);
  });
});

describe("API7: the server asks nobody whom a request names", () => {
  test("a sign-in that asks the application asks at the one URL of the settings", async () => {
    const asked: string[] = [];
    const answering: typeof fetch = (url) => {
      asked.push(url instanceof Request ? url.url : String(url));
      return Promise.resolve(new Response(null, { headers: { "x-user-id": "ann" } }));
    };
    const settings = SignInSettings.parse({ kind: "forward", url: "https://app.example/me" });
    const signIn = signInOf(settings, { now: () => NOW, fetch: answering, origins: [] });
    const elsewhere = "169.254.169.254";
    const headers = {
      authorization: "Bearer a",
      host: elsewhere,
      forwarded: `host=${elsewhere}`,
      "x-forwarded-host": elsewhere,
      "x-original-url": `http://${elsewhere}/`,
    };
    const url = `${ICE}?url=http://${elsewhere}/`;
    expect((await testApi({ signIn }).app.inject({ url, headers })).statusCode).toBe(200);
    expect(asked).toEqual(["https://app.example/me"]);
  });
});

describe("API8: nothing is left open by its settings", () => {
  test("an answer for a user is stored nowhere and is for no other site", async () => {
    const { app } = testApi();
    const headers = { ...(await signedIn("ann")), origin: "https://evil.example" };
    for (const route of forUsers) {
      // oxlint-disable-next-line no-await-in-loop -- in order
      const answer = await app.inject({ ...route, headers });
      expect(answer.headers).toMatchObject({
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "content-security-policy": "default-src 'none';frame-ancestors 'none'",
      });
      expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
      expect(answer.headers).not.toHaveProperty("x-powered-by");
      expect(answer.headers).not.toHaveProperty("server");
    }
  });

  test("a fault tells its id, and neither its text nor where it was", async () => {
    const { app, logLines } = testApi({ signIn: failingWith("canary-fault") });
    const answer = await app.inject(ICE);
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toMatch(/canary-fault|\bat |\.ts|node_modules/);
    const { requestId } = answer.json<{ requestId: string }>();
    const told = logLines.filter((it) => it.includes(requestId) && it.includes("canary-fault"));
    expect(told).toHaveLength(1);
  });

  test("a body of a type that forms may send across sites is not taken", async () => {
    const headers = { ...(await signedIn("ann")), "content-type": "text/plain" };
    const answer = await testApi().app.inject({
      method: "POST",
      url: TOKEN,
      headers,
      payload: "{}",
    });
    expect(answer.statusCode).toBe(415);
  });
});

describe("API9: there is nothing but what is described", () => {
  test.each([
    "/client/meta",
    "/metrics",
    "/documentation",
    "/documentation/json",
    "/status",
    "/api",
    "/api/v2/calls/webrtc-config",
    "/healthz/",
    "/demo",
    "/diagnostics",
    "/ca.crt",
  ])("%s is not there", async (url) => {
    expect((await testApi().app.inject(url)).statusCode).toBe(404);
  });

  test("every described path is there, for the methods that are described alone", async () => {
    const { app } = testApi();
    const { paths } = (await app.inject("/openapi.json")).json<{
      paths: Record<string, Record<string, unknown>>;
    }>();
    for (const [url, methods] of Object.entries(paths)) {
      // oxlint-disable-next-line no-await-in-loop -- in order
      const answer = await app.inject({ method: "DELETE", url });
      const described = Object.keys(methods).map((it) => it.toUpperCase());
      expect([url, answer.headers["allow"]]).toEqual([url, described.join(", ")]);
    }
  });
});

describe("API10 and the defects of old: what is handed out is made here and is genuine", () => {
  test("a TURN credential holds neither the user's id nor a token, and opens no route", async () => {
    const { app } = testApi();
    const headers = await signedIn("ann-of-the-canaries");
    const answer = await app.inject({ url: ICE, headers });
    const { iceServers } = IceConfig.parse(answer.json());
    const { username = "", credential = "" } = iceServers.find((it) => it.username) ?? {};
    expect(credential).toMatch(/^[\dA-Za-z]+$/);
    for (const text of [username, Buffer.from(username, "base64").toString()])
      expect(text).not.toContain("ann-of-the-canaries");
    const authorization = `Bearer ${credential}`;
    expect((await app.inject({ url: ICE, headers: { authorization } })).statusCode).toBe(401);
  });

  test("no public STUN server is named that the operator did not list", async () => {
    const { body } = await testApi().app.inject({ url: ICE, headers: await signedIn("ann") });
    const urls = IceConfig.parse(JSON.parse(body)).iceServers.flatMap((it) => it.urls);
    for (const url of urls) expect(url).toContain(":127.0.0.1:");
  });
});
