import { expect, test } from "@jest/globals";
import { meteredSource } from "../../../api/iceSources/metered.ts";
import { iceService, json } from "../../support/iceService.ts";

const now = new Date("2030-01-01T00:00:00Z");
const request = { turnId: "hashed-id", ttlSeconds: 600, now };
const login = { username: "c7e21d0a", credential: "word" };
const created = { username: "c7e21d0a", password: "word", apiKey: "key+of it", label: "hashed-id" };
const bareArray = [
  { urls: "stun:stun.example.org:80" },
  { urls: "turn:turn.example.org:443?transport=tcp", ...login },
];

/** One answer for each of the two calls. */
const metered = (create: unknown, list: unknown, status = 200) =>
  iceService((response, { method }) =>
    method === "POST" ? json(create)(response) : json(list, status)(response),
  );

const askAt = (url: string, region?: string) =>
  meteredSource(
    {
      kind: "metered",
      app: "demo",
      secretKey: "canary&key",
      timeoutMs: 2000,
      fallback: false,
      url,
      ...(region === undefined ? {} : { region }),
    },
    fetch,
  )(request, new AbortController().signal);

test.each([
  { what: "the life asked for", told: { expiryInSeconds: 600 }, end: "2030-01-01T00:10:00Z" },
  { what: "another life", told: { expiryInSeconds: 3600 }, end: "2030-01-01T01:00:00Z" },
  { what: "no life", told: {}, end: "2030-01-01T00:10:00Z" },
])("a bare array of servers, and $what", async ({ told, end }) => {
  await using service = await metered({ ...created, ...told }, bareArray);
  expect(await askAt(service.url)).toEqual({
    iceServers: [
      { urls: ["stun:stun.example.org:80"] },
      { urls: ["turn:turn.example.org:443?transport=tcp"], ...login },
    ],
    expiresAt: new Date(end),
  });
});

test("a credential is created for the hashed id, then its servers are asked for by its own key", async () => {
  await using service = await metered(created, bareArray);
  await askAt(service.url, "europe");
  expect(service.asked).toMatchObject([
    {
      method: "POST",
      url: "/api/v1/turn/credential?secretKey=canary%26key",
      body: '{"expiryInSeconds":600,"label":"hashed-id"}',
    },
    { method: "GET", url: "/api/v1/turn/credentials?apiKey=key%2Bof+it&region=europe", body: "" },
  ]);
});

test("the app's name stands in the URL where none is given", async () => {
  const asked: string[] = [];
  const settings = { app: "demo", secretKey: "key", timeoutMs: 2000, fallback: false };
  const ask = meteredSource({ kind: "metered", ...settings }, (url) => {
    asked.push(url.href);
    return Promise.resolve(Response.json(asked.length === 1 ? created : bareArray));
  });
  await ask(request, new AbortController().signal);
  expect(asked).toEqual([
    "https://demo.metered.live/api/v1/turn/credential?secretKey=key",
    "https://demo.metered.live/api/v1/turn/credentials?apiKey=key%2Bof+it",
  ]);
});

test.each([
  {
    what: "an error inside 200 at the first call",
    create: { message: "api not available under free plan" },
    list: bareArray,
    reason: "answered in another shape than documented: apiKey",
  },
  {
    what: "an error inside 200 at the second call",
    create: created,
    list: { error: "Invalid API Key" },
    reason: "answered without a TURN server to use",
  },
])("$what is a failure that quotes no key", async ({ create, list, reason }) => {
  await using service = await metered(create, list);
  const error = await askAt(service.url).catch(String);
  expect(error).toBe(`SourceError: ${reason}`);
});

test("a status of 401 at the second call is a failure", async () => {
  await using service = await metered(created, { error: "Invalid API Key" }, 401);
  await expect(askAt(service.url)).rejects.toThrow("answered with status 401");
});
