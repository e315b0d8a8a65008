import { describe, expect, test } from "@jest/globals";
import { livekit } from "../../turn/livekit.ts";
import { participantId } from "../../turn/participantId.ts";
import { NOW, secrets, signedIn, testApi } from "../support/api.ts";

const expiry = NOW.getTime() / 1000 + 3600;
const turnIdOf = (user: string) => participantId(secrets.userIdKey, user);
const serversFor = (user: string) => [
  { urls: ["stun:127.0.0.1:443"] },
  {
    urls: ["turn:127.0.0.1:443?transport=udp", "turns:127.0.0.1:5349?transport=tcp"],
    ...livekit.mint(secrets.turnKey, turnIdOf(user), expiry),
  },
];

test("PeerWave's endpoint answers with ICE servers, their life and its end in UTC", async () => {
  const { app } = testApi();
  const headers = await signedIn("ann");
  const answer = await app.inject({ url: "/api/livekit/ice-config", headers });
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
  const answer = await app.inject({ url: "/api/v1/calls/webrtc-config", headers });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toStrictEqual({ success: true, data: { iceServers: serversFor("ann") } });
});

test("the expiry in the user name is the one the answer tells, also within a second", async () => {
  const { app } = testApi({ now: () => new Date(NOW.getTime() + 999) });
  const answer = await app.inject({
    url: "/api/livekit/ice-config",
    headers: await signedIn("ann"),
  });
  expect(answer.json()).toMatchObject({
    iceServers: serversFor("ann"),
    expiresAt: "2030-01-01T01:00:00.000Z",
  });
});

test("a stack without a STUN URL answers with the relay alone", async () => {
  const { app } = testApi({ iceUrls: ["turn:127.0.0.1:443?transport=udp"] });
  const answer = await app.inject({
    url: "/api/livekit/ice-config",
    headers: await signedIn("ann"),
  });
  expect(answer.json()).toHaveProperty("iceServers.length", 1);
  expect(answer.json()).toHaveProperty("iceServers.0.urls", ["turn:127.0.0.1:443?transport=udp"]);
});

describe("the user", () => {
  test("is the token's subject, whatever the request says", async () => {
    const { app } = testApi();
    const answer = await app.inject({
      url: "/api/livekit/ice-config",
      query: { user: "bob", sub: "bob", userId: "bob" },
      headers: { ...(await signedIn("ann")), "x-user": "bob", "x-forwarded-user": "bob" },
    });
    expect(answer.json()).toHaveProperty("iceServers", serversFor("ann"));
  });

  test("is readable nowhere in the credential", async () => {
    const { app } = testApi();
    const answer = await app.inject({
      url: "/api/livekit/ice-config",
      headers: await signedIn("ann.smith@example.org"),
    });
    expect(answer.body).not.toContain("ann.smith");
  });
});

test("each credential leaves one audit line, with user, TURN id and expiry, and nothing secret", async () => {
  const { app, logLines } = testApi();
  const answer = await app.inject({
    url: "/api/livekit/ice-config",
    headers: await signedIn("ann"),
  });
  const audits = logLines.filter((line) => line.includes('"audit"'));
  expect(audits).toHaveLength(1);
  expect(JSON.parse(audits[0] ?? "")).toMatchObject({
    audit: "turn-credential",
    user: "ann",
    turnId: turnIdOf("ann"),
    expiresAt: "2030-01-01T01:00:00.000Z",
  });
  const [, turn] = serversFor("ann");
  expect(answer.json()).toHaveProperty("iceServers.1", turn);
  expect(logLines.join("")).not.toContain(
    livekit.mint(secrets.turnKey, turnIdOf("ann"), expiry).credential,
  );
});

test("asking with HEAD mints nothing", async () => {
  const { app, logLines } = testApi();
  const headers = await signedIn("ann");
  const answer = await app.inject({ method: "HEAD", url: "/api/livekit/ice-config", headers });
  expect(answer.statusCode).toBe(404);
  expect(logLines.join("")).not.toContain("audit");
});
