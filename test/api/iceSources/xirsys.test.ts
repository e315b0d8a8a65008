import { expect, test } from "@jest/globals";
import { xirsysSource } from "../../../api/iceSources/xirsys.ts";
import { iceService, json } from "../../support/iceService.ts";

const now = new Date("2030-01-01T00:00:00Z");
const request = { turnId: "hashed-id", ttlSeconds: 600, now };
const login = { username: "245fS58", credential: "word" };
const stun = "stun:ws-turn5.example.org";
const turn = ["turn:ws-turn5.example.org:80?transport=udp", "turns:ws-turn5.example.org:5349"];

const askAt = (url: string) =>
  xirsysSource(
    {
      kind: "xirsys",
      channel: "calls/eu",
      ident: "me",
      secret: "canary-secret",
      timeoutMs: 2000,
      fallback: false,
      url,
    },
    fetch,
  )(request, new AbortController().signal);

test.each([
  {
    what: "a single object, its STUN and TURN together",
    iceServers: { urls: [stun, ...turn], ...login },
    servers: [{ urls: [stun] }, { urls: turn, ...login }],
  },
  {
    what: "the older array with url",
    iceServers: [{ url: stun }, ...turn.map((url) => ({ url, ...login }))],
    servers: [{ urls: [stun] }, ...turn.map((url) => ({ urls: [url], ...login }))],
  },
])("$what becomes ICE servers for as long as was asked", async ({ iceServers, servers }) => {
  await using service = await iceService(json({ v: { iceServers }, s: "ok" }));
  expect(await askAt(service.url)).toEqual({
    iceServers: servers,
    expiresAt: new Date("2030-01-01T00:10:00Z"),
  });
});

test("the life goes in the body as text, ident and secret in a header, and nothing tells of the user", async () => {
  await using service = await iceService(
    json({ v: { iceServers: { urls: turn, ...login } }, s: "ok" }),
  );
  await askAt(service.url);
  expect(service.asked).toMatchObject([
    {
      method: "PUT",
      url: "/_turn/calls/eu",
      headers: { authorization: `Basic ${Buffer.from("me:canary-secret").toString("base64")}` },
      body: '{"format":"urls","expire":"600"}',
    },
  ]);
});

test.each([
  { v: "unauthorized", reason: "answered with an error: unauthorized" },
  { v: "no such ident: canary-secret", reason: "answered with an error" },
  { v: { code: 5 }, reason: "answered with an error" },
])("an error inside 200 is a failure: $reason", async ({ v, reason }) => {
  await using service = await iceService(json({ v, s: "error" }));
  expect(await askAt(service.url).catch(String)).toBe(`SourceError: ${reason}`);
});

test("an answer that is neither is a failure", async () => {
  await using service = await iceService(json({ v: {} }));
  await expect(askAt(service.url)).rejects.toThrow("another shape than documented: s");
});
