/** Keys that are rotated under a running stack: what was handed out before goes on, and ends one rotation later. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readFileSync, writeFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { AccessToken } from "livekit-server-sdk";
import { signApiToken } from "../../turn/apiToken.ts";
import { IceConfig } from "../../turn/iceConfig.ts";
import type { TurnCredential } from "../../turn/engine.ts";
import { type ApiKeyPair, type StackOutputs } from "../../turn/outputs.ts";
import { RoomTokenResponse } from "../../turn/roomToken.ts";
import { LegFailure } from "../../verify/findings.ts";
import { parseIceUrl } from "../../verify/iceUrl.ts";
import { openRelay } from "../../verify/relay.ts";
import { plainStack, type PlainStack } from "../support/plainStack.ts";
import { credentialOf } from "../support/relayStream.ts";
import { outcome, outputsOf, said, success } from "../support/stack.ts";

const STACK = "rot";
const MINUTES = 60_000;
/** Longer than a slow machine takes to deploy. */
const TTL_SECONDS = 600;

const SETTINGS = `# the stack of a test
config:
  turnkey:target: docker
  turnkey:livekit: { port: 27880, metricsPort: 27789 }
  turnkey:rtc: { tcpPort: 27881, mediaPorts: { from: 27100, to: 27119 } }
  turnkey:turn: { udpPort: 27443, tlsPort: 27349, credentialTtlSeconds: ${TTL_SECONDS} }
  turnkey:edge: false # two containers
  turnkey:api: { port: 27890, metricsPort: 27891, roomTokenTtlSeconds: ${TTL_SECONDS} }
`;

let stack: PlainStack;
beforeAll(async () => {
  stack = await plainStack(STACK, SETTINGS);
  await stack.up();
}, 6 * MINUTES);
afterAll(() => stack.remove(), 2 * MINUTES);

/** Takes a relay on the TURN/UDP URL; gives the code of a refusal. */
async function allocate({ iceUrls }: StackOutputs, credential: TurnCredential, url = iceUrls[1]) {
  try {
    const { signal } = new AbortController();
    const relay = await openRelay(parseIceUrl(url ?? ""), { credential, signal });
    await relay.client.close();
    return "allocated";
  } catch (error) {
    if (error instanceof LegFailure && error.finding.kind === "refused") return error.finding.code;
    throw error;
  }
}

/** What LiveKit answers to a client that is about to join. */
const validate = async ({ livekitUrl }: StackOutputs, token: string) => {
  const url = livekitUrl.replace(/^ws/, "http");
  return (await fetch(`${url}/rtc/validate?access_token=${token}`)).status;
};

/** A token that outlives the test: a refusal is then about its key. */
const longToken = ({ key, secret }: ApiKeyPair) => {
  const token = new AccessToken(key, secret, { identity: "ann", ttl: 3_600 });
  token.addGrant({ roomJoin: true, room: "r" });
  return token.toJwt();
};

/** What the API hands out: a TURN credential and a room token, with the id of the token's key. */
async function handedOut({ apiUrl, apiJwtSecret = "" }: StackOutputs) {
  const claims = { subject: "ann", ttlSeconds: 60, now: new Date() };
  const authorization = `Bearer ${await signApiToken(apiJwtSecret, claims)}`;
  const ask = async (path: string, method: string): Promise<unknown> =>
    (await fetch(apiUrl + path, { method, headers: { authorization } })).json();
  const { iceServers } = IceConfig.parse(await ask("/api/livekit/ice-config", "GET"));
  const [server] = iceServers.filter(({ credential }) => credential !== undefined);
  const { participant_token: token } = RoomTokenResponse.parse(
    await ask("/api/livekit/token", "POST"),
  );
  const [, payload = ""] = token.split(".");
  const { iss }: { iss: string } = JSON.parse(Buffer.from(payload, "base64url").toString());
  const { username = "", credential = "" } = server ?? {};
  return { credential: { username, credential }, token, issuer: iss };
}

test(
  "what was handed out before a rotation goes on, and ends with the rotation after it",
  async () => {
    const first = await outputsOf(stack.checkout, STACK);
    const long = { credential: credentialOf(first), token: await longToken(first.roomKey) };
    const before = await handedOut(first);
    expect(before.issuer).toBe(first.roomKey.key);

    // Plain Pulumi has written its salt there.
    const salted = readFileSync(stack.file, "utf8");
    const rotated = await stack.checkout.run("rotate", "--stack", STACK);
    expect(outcome(rotated)).toEqual(success);
    expect(rotated.stdout).toContain("only this script and revoke write that file");
    const written = readFileSync(stack.file, "utf8");
    const added = /^ {2}turnkey:keys:\n {4}rotations:\n {6}- "(\S+Z)"\n/m.exec(written);
    const date = added?.[1] ?? "";
    expect(written.replace(added?.[0] ?? "", "")).toBe(salted);

    const again = await stack.checkout.run("rotate", "--stack", STACK);
    expect(said(again)).toContain("its file already asks for 2");
    expect(again.code).toBe(1);

    await stack.up();
    const second = await outputsOf(stack.checkout, STACK);
    expect(second.keyGeneration).toBe(2);
    expect(await allocate(second, before.credential)).toBe("allocated");
    expect(await validate(second, before.token)).toBe(200);
    const after = await handedOut(second);
    expect(after.issuer).toBe(second.roomKey.key);
    expect(after.issuer).not.toBe(before.issuer);
    expect(await allocate(second, after.credential)).toBe("allocated");
    expect(await validate(second, after.token)).toBe(200);

    const early = await stack.checkout.run("rotate", "--stack", STACK);
    const earliest = new Date(Date.parse(date) + TTL_SECONDS * 1000).toISOString();
    expect(said(early)).toContain(`${earliest.replace(".000Z", "Z")} or later`);
    expect(early.code).toBe(1);
    expect(readFileSync(stack.file, "utf8")).toBe(written);

    // The generation before goes on; nothing that was handed out lives as long as these do.
    expect(await allocate(second, long.credential)).toBe("allocated");
    expect(await validate(second, long.token)).toBe(200);

    // Dates by hand, as YAML has them: without quotes.
    writeFileSync(stack.file, written.replace(/- "\S+"/, "- 2026-11-01\n      - 2026-11-02"));
    await stack.up();
    const third = await outputsOf(stack.checkout, STACK);
    expect(third.keyGeneration).toBe(3);
    // pion/turn answers 400 to a user name whose key it does not know.
    expect([400, 401]).toContain(await allocate(third, long.credential));
    expect(await validate(third, long.token)).toBe(401);
    expect(await allocate(third, credentialOf(second))).toBe("allocated");
    expect(await validate(third, await longToken(second.roomKey))).toBe(200);
    await stack.pulumi("preview", "--expect-no-changes");
  },
  6 * MINUTES,
);

test(
  "npm run outputs -- --env is a .env file whose values open a relay and a room",
  async () => {
    const outputs = await outputsOf(stack.checkout, STACK);
    const printed = await stack.checkout.run("outputs", "--stack", STACK, "--env");
    expect(outcome(printed)).toEqual(success);
    const env = parseEnv(printed.stdout);
    const { TURN_USERNAME: username = "", TURN_CREDENTIAL: credential = "" } = env;
    const { LIVEKIT_API_KEY: key = "", LIVEKIT_API_SECRET: secret = "" } = env;
    expect(await allocate(outputs, { username, credential }, env["TURN_SERVER_URL"])).toBe(
      "allocated",
    );
    const token = await longToken({ key, secret });
    expect(await validate({ ...outputs, livekitUrl: env["LIVEKIT_URL"] ?? "" }, token)).toBe(200);
  },
  MINUTES,
);
