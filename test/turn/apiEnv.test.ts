import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { parseApiEnv, renderApiEnv } from "../../turn/apiEnv.ts";
import { trackSources } from "../../turn/roomGrants.ts";
import { sampleEnv as env } from "../support/apiEnv.ts";

test("what the plan writes is what the API reads", () => {
  const port = fc.integer({ min: 1, max: 65_535 });
  const seconds = fc.integer({ min: 1, max: 86_400 });
  const path = fc.string({ minLength: 1 });
  const iceUrl = fc
    .tuple(fc.constantFrom("stun:", "turn:", "turns:"), fc.domain(), port)
    .map(([scheme, host, number]) => `${scheme}${host}:${number}`);
  const address = fc.oneof(fc.ipV4(), fc.ipV6());
  const grants = fc.record({
    publish: fc.boolean(),
    sources: fc.subarray([...trackSources], { minLength: 1 }),
    subscribe: fc.boolean(),
    data: fc.boolean(),
    ownMetadata: fc.boolean(),
    agents: fc.boolean(),
    rooms: fc.array(fc.constantFrom("lobby", "team-*", "*"), { minLength: 1 }),
  });
  const environments = fc.record({
    HOST: address,
    PORT: port,
    METRICS_HOST: address,
    METRICS_PORT: port,
    LIVEKIT_HTTP_URL: fc.domain().map((host) => `http://${host}:7880`),
    LIVEKIT_URL: fc.domain().map((host) => `wss://${host}`),
    ICE_URLS: fc.array(iceUrl, { minLength: 1 }),
    CREDENTIAL_TTL_SECONDS: seconds,
    ROOM_TOKEN_TTL_SECONDS: seconds,
    KEY_GENERATION: seconds,
    ROOM_GRANTS: grants,
    USER_REQUESTS_PER_MINUTE: seconds,
    ADDRESS_REQUESTS_PER_MINUTE: seconds,
    CORS_ORIGINS: fc.array(fc.domain().map((host) => `https://${host}`)),
    ROOM_KEY_FILE: path,
    TURN_KEY_FILE: path,
    SIGN_IN_FILE: path,
    ICE_SOURCES_FILE: path,
    VERIFIER_KEY_FILE: path,
    BLOCKED_USERS_FILE: path,
    CERTIFICATE_FILE: path,
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
    { key: "ROOM_GRANTS", value: "all" },
    { key: "LIVEKIT_HTTP_URL", value: "ws://127.0.0.1:7880" },
  ])("$key=$value", ({ key, value }) => {
    expect(() => parseApiEnv({ ...renderApiEnv(env), [key]: value })).toThrow(
      `${key} is "${value}"`,
    );
  });
});

test("the plan cannot write what the API would refuse", () => {
  expect(() => renderApiEnv({ ...env, PORT: 0 })).toThrow("PORT");
});
