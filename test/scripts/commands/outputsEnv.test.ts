import { describe, expect, test } from "@jest/globals";
import { parseEnv } from "node:util";
import { ENV_PARTICIPANT, outputsEnv } from "../../../scripts/commands/outputsEnv.ts";
import { livekit } from "../../../turn/livekit.ts";
import { stack } from "../../verify/stack.ts";

const now = new Date("2030-01-01T00:00:00Z");

const outputs = stack({
  livekitUrl: "ws://127.0.0.1:7880",
  turnDomain: "turn.example.org",
  iceUrls: [
    "stun:turn.example.org:443",
    "turn:turn.example.org:443?transport=udp",
    "turns:turn.example.org:5349?transport=tcp",
  ],
  credentialTtlSeconds: 3_600,
  allocationsPerUser: 12,
});

test("an application's server finds everything under the names it reads", () => {
  const expiry = now.getTime() / 1000 + 3_600;
  const { username, credential } = livekit.mint(outputs.turnKey, ENV_PARTICIPANT, expiry);
  expect(parseEnv(outputsEnv(outputs, { now }))).toEqual({
    LIVEKIT_URL: "ws://127.0.0.1:7880",
    LIVEKIT_API_KEY: outputs.roomKey.key,
    LIVEKIT_API_SECRET: outputs.roomKey.secret,
    LIVEKIT_TURN_DOMAIN: "turn.example.org",
    TURN_SERVER_URL: "turn:turn.example.org:443?transport=udp",
    TURN_USERNAME: username,
    TURN_CREDENTIAL: credential,
  });
});

const comments = (ca?: string) =>
  outputsEnv(outputs, { now, ...(ca !== undefined && { ca }) })
    .split("\n")
    .filter((it) => it.startsWith("#"))
    .join("\n");

describe("comments say", () => {
  test("when the credential ends, whose it is, and which other URLs it opens", () => {
    expect(comments()).toBe(`# also: turns:turn.example.org:5349?transport=tcp
# The credential ends at 2030-01-01T01:00:00.000Z.
# All who use it are one user, "outputs-env", with 12 relays at a time: users get their own from http://127.0.0.1:1/api/livekit/ice-config`);
  });

  test("what makes Node trust the CA, where that is needed", () => {
    expect(comments("/ca.crt")).toContain("NODE_EXTRA_CA_CERTS=/ca.crt");
    expect(comments()).not.toContain("NODE_EXTRA_CA_CERTS");
  });
});

test("a value that a reader could take for more than itself is quoted", () => {
  const odd = { ...outputs, roomKey: { key: "a b #c $d", secret: `"${"x".repeat(32)}` } };
  const text = outputsEnv(odd, { now });
  expect(parseEnv(text)).toMatchObject({
    LIVEKIT_API_KEY: odd.roomKey.key,
    LIVEKIT_API_SECRET: odd.roomKey.secret,
  });
  expect(text).toContain("LIVEKIT_API_KEY='a b #c $d'");
  const worse = { ...outputs, roomKey: { key: "a'b\nc", secret: "x".repeat(32) } };
  expect(() => outputsEnv(worse, { now })).toThrow(
    /^LIVEKIT_API_KEY holds a quote or a line break$/,
  );
});

test("without a TURN URL there is nothing to print", () => {
  expect(() => outputsEnv({ ...outputs, iceUrls: [] }, { now })).toThrow(
    "the stack advertises no TURN URL",
  );
});
