import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { type ApiEnv, parseApiEnv, renderApiEnv } from "../../turn/apiEnv.ts";

const env: ApiEnv = {
  HOST: "127.0.0.1",
  PORT: 7890,
  LIVEKIT_URL: "ws://127.0.0.1:7880",
  ICE_URLS: ["stun:127.0.0.1:443", "turn:[::1]:443?transport=udp"],
  CREDENTIAL_TTL_SECONDS: 86_400,
  ROOM_TOKEN_TTL_SECONDS: 600,
  ROOM_KEY_FILE: "/secrets/room-key",
  TURN_KEY_FILE: "/secrets/turn-key",
  API_JWT_SECRET_FILE: "/secrets/api-jwt-secret",
  USER_ID_KEY_FILE: "/secrets/user-id-key",
};

test("what the plan writes is what the API reads", () => {
  const port = fc.integer({ min: 1, max: 65_535 });
  const seconds = fc.integer({ min: 1, max: 86_400 });
  const path = fc.string({ minLength: 1 });
  const iceUrl = fc
    .tuple(fc.constantFrom("stun:", "turn:", "turns:"), fc.domain(), port)
    .map(([scheme, host, number]) => `${scheme}${host}:${number}`);
  const environments = fc.record({
    HOST: fc.oneof(fc.ipV4(), fc.ipV6()),
    PORT: port,
    LIVEKIT_URL: fc.domain().map((host) => `wss://${host}`),
    ICE_URLS: fc.array(iceUrl, { minLength: 1 }),
    CREDENTIAL_TTL_SECONDS: seconds,
    ROOM_TOKEN_TTL_SECONDS: seconds,
    ROOM_KEY_FILE: path,
    TURN_KEY_FILE: path,
    API_JWT_SECRET_FILE: path,
    USER_ID_KEY_FILE: path,
  });
  fc.assert(fc.property(environments, (it) => expect(parseApiEnv(renderApiEnv(it))).toEqual(it)));
});

test("variables the API does not know are left alone", () => {
  expect(parseApiEnv({ ...renderApiEnv(env), PATH: "/bin" })).toEqual(env);
});

test("everything that is wrong is told at once, with key, value and what is wanted", () => {
  const wrong = { ...renderApiEnv(env), PORT: "70000", LIVEKIT_URL: "http://x", HOST: undefined };
  expect(() => parseApiEnv(wrong)).toThrow(
    [
      "the API's environment is wrong - correct it where the API is started",
      "  HOST is not set: Invalid input: expected string, received undefined",
      '  PORT is "70000": Too big: expected number to be <=65535',
      '  LIVEKIT_URL is "http://x": Invalid URL',
    ].join("\n"),
  );
});

describe("values that are refused", () => {
  test.each([
    { key: "PORT", value: "http" },
    { key: "PORT", value: "0" },
    { key: "ICE_URLS", value: "" },
    { key: "ICE_URLS", value: "https://example.org" },
    { key: "ICE_URLS", value: "stun:a.example:443, turn:a.example:443" },
    { key: "CREDENTIAL_TTL_SECONDS", value: "86401" },
    { key: "CREDENTIAL_TTL_SECONDS", value: "1.5" },
    { key: "ROOM_TOKEN_TTL_SECONDS", value: "-1" },
    { key: "TURN_KEY_FILE", value: "" },
  ])("$key=$value", ({ key, value }) => {
    expect(() => parseApiEnv({ ...renderApiEnv(env), [key]: value })).toThrow(
      `${key} is "${value}"`,
    );
  });
});

test("the plan cannot write what the API would refuse", () => {
  expect(() => renderApiEnv({ ...env, PORT: 0 })).toThrow("PORT");
});
