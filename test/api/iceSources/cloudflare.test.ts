import { expect, test } from "@jest/globals";
import { cloudflareSource } from "../../../api/iceSources/cloudflare.ts";
import { iceService, json } from "../../support/iceService.ts";

const now = new Date("2030-01-01T00:00:00Z");
const request = { turnId: "hashed-id", ttlSeconds: 600, now };
const login = { username: "bc91b63e2b5d759f8eb9f3b58062439e", credential: "word" };
const stun = ["stun:stun.example.org:3478", "stun:stun.example.org:53"];
const turn = [
  "turn:turn.example.org:3478?transport=udp",
  "turn:turn.example.org:53?transport=udp",
  "turns:turn.example.org:443?transport=tcp",
];

const askAt = (url: string) =>
  cloudflareSource(
    {
      kind: "cloudflare",
      keyId: "key/id",
      apiToken: "token",
      timeoutMs: 2000,
      fallback: false,
      url,
    },
    fetch,
  )(request, new AbortController().signal);

test.each([
  { what: "generate-ice-servers answers", iceServers: [{ urls: stun }, { urls: turn, ...login }] },
  {
    what: "the older generate answers, a single object",
    iceServers: { urls: [...stun, ...turn], ...login },
  },
])("what $what becomes STUN and TURN without port 53", async ({ iceServers }) => {
  await using service = await iceService(json({ iceServers }, 201));
  expect(await askAt(service.url)).toEqual({
    iceServers: [
      { urls: ["stun:stun.example.org:3478"] },
      {
        urls: [
          "turn:turn.example.org:3478?transport=udp",
          "turns:turn.example.org:443?transport=tcp",
        ],
        ...login,
      },
    ],
    expiresAt: new Date("2030-01-01T00:10:00Z"),
  });
});

test("the life and the hashed id go in the body, the token in a header", async () => {
  await using service = await iceService(json({ iceServers: { urls: turn, ...login } }, 201));
  await askAt(`${service.url}/base`);
  expect(service.asked).toMatchObject([
    {
      method: "POST",
      url: "/base/v1/turn/keys/key%2Fid/credentials/generate-ice-servers",
      headers: { authorization: "Bearer token", "content-type": "application/json" },
      body: '{"ttl":600,"customIdentifier":"hashed-id"}',
    },
  ]);
});

test("without a URL of its own Cloudflare's is asked", async () => {
  const asked: string[] = [];
  const settings = { keyId: "id", apiToken: "token", timeoutMs: 2000, fallback: false };
  const ask = cloudflareSource({ kind: "cloudflare", ...settings }, (url) => {
    asked.push(url.href);
    return Promise.resolve(Response.json({ iceServers: { urls: turn, ...login } }));
  });
  await ask(request, new AbortController().signal);
  expect(asked).toEqual([
    "https://rtc.live.cloudflare.com/v1/turn/keys/id/credentials/generate-ice-servers",
  ]);
});

test("an answer without iceServers is a failure that names them", async () => {
  await using service = await iceService(json({ errors: ["no"] }, 201));
  await expect(askAt(service.url)).rejects.toThrow("another shape than documented: iceServers");
});
