import { expect, test } from "@jest/globals";
import { twilioSource } from "../../../api/iceSources/twilio.ts";
import { iceService, json } from "../../support/iceService.ts";

const now = new Date("2030-01-01T00:00:00Z");
const request = { turnId: "hashed-id", ttlSeconds: 600, now };
const login = { username: "dc2d2894", credential: "word" };
const accountSid = "AC0123456789abcdef0123456789abcdef";
const keySid = "SK0123456789abcdef0123456789abcdef";

/** As the service answers: both url and urls, as text, and the life as text. */
const answer = (ttl: unknown) => ({
  username: login.username,
  password: login.credential,
  account_sid: accountSid,
  ttl,
  ice_servers: [
    { url: "stun:stun.example.org:3478", urls: "stun:stun.example.org:3478" },
    ...["turn:turn.example.org:3478?transport=udp", "turn:turn.example.org:443?transport=tcp"].map(
      (url) => ({ url, urls: url, ...login }),
    ),
  ],
  date_created: "Tue, 01 Jan 2030 00:00:00 +0000",
});

const askAt = (url: string, changed: { readonly keySid?: string } = {}) =>
  twilioSource(
    {
      kind: "twilio",
      accountSid,
      secret: "token",
      timeoutMs: 2000,
      fallback: false,
      url,
      ...changed,
    },
    fetch,
  )(request, new AbortController().signal);

test.each([
  { what: "the life asked for, as text", ttl: "600", expiresAt: "2030-01-01T00:10:00Z" },
  { what: "a longer life", ttl: "86400", expiresAt: "2030-01-02T00:00:00Z" },
  { what: "a shorter life, as a number", ttl: 120, expiresAt: "2030-01-01T00:02:00Z" },
])("$what is told as it is", async ({ ttl, expiresAt }) => {
  await using service = await iceService(json(answer(ttl), 201));
  expect(await askAt(service.url)).toEqual({
    iceServers: [
      { urls: ["stun:stun.example.org:3478"] },
      { urls: ["turn:turn.example.org:3478?transport=udp"], ...login },
      { urls: ["turn:turn.example.org:443?transport=tcp"], ...login },
    ],
    expiresAt: new Date(expiresAt),
  });
});

test.each([
  { what: "the account", changed: {}, user: accountSid },
  { what: "an API key", changed: { keySid }, user: keySid },
])("$what signs in, and nothing tells of the user", async ({ changed, user }) => {
  await using service = await iceService(json(answer("600"), 201));
  await askAt(service.url, changed);
  const authorization = `Basic ${Buffer.from(`${user}:token`).toString("base64")}`;
  expect(service.asked).toMatchObject([
    {
      method: "POST",
      url: `/2010-04-01/Accounts/${accountSid}/Tokens.json`,
      headers: { authorization },
      body: "Ttl=600",
    },
  ]);
});
