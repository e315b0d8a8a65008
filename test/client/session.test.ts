import { expect, test } from "@jest/globals";
import { PageSession } from "../../api/pageSession.ts";
import { isSession } from "../../client/pages/session.ts";

const good = {
  user: "demo-1",
  livekit: { server_url: "wss://192.168.1.5", participant_token: "token" },
  ice: {
    iceServers: [
      { urls: ["stun:192.168.1.5:443"] },
      { urls: ["turns:192.168.1.5:443?transport=tcp"], username: "u", credential: "c" },
    ],
    ttl: 600,
    expiresAt: "2030-01-01T00:10:00.000Z",
  },
};

test("the page and the API agree on what a session is", () => {
  expect(PageSession.safeParse(good).success).toBe(true);
  expect(isSession(good)).toBe(true);
});

test.each([
  { what: "an error", value: { statusCode: 429, error: "Too Many Requests", message: "wait" } },
  { what: "nothing", value: null },
  { what: "text", value: "session" },
  { what: "no user", value: { ...good, user: undefined } },
  { what: "no token", value: { ...good, livekit: { server_url: "wss://192.168.1.5" } } },
  { what: "no ICE servers", value: { ...good, ice: {} } },
  { what: "URLs that are no list", value: { ...good, ice: { iceServers: [{ urls: "stun:a" }] } } },
  {
    what: "a credential that is no text",
    value: { ...good, ice: { iceServers: [{ urls: ["turn:a"], username: "u", credential: 1 }] } },
  },
])("neither takes $what for one", ({ value }) => {
  expect(isSession(value)).toBe(false);
  expect(PageSession.safeParse(value).success).toBe(false);
});
