/** Users and keys that are revoked under a running stack. */
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RoomServiceClient } from "livekit-server-sdk";
import * as z from "zod";
import { signApiToken } from "../../turn/apiToken.ts";
import { IceConfig } from "../../turn/iceConfig.ts";
import type { TurnCredential } from "../../turn/engine.ts";
import type { StackOutputs } from "../../turn/outputs.ts";
import { RoomTokenResponse } from "../../turn/roomToken.ts";
import { LegFailure } from "../../verify/findings.ts";
import { parseIceUrl } from "../../verify/iceUrl.ts";
import { openRelay } from "../../verify/relay.ts";
import { plainStack, type PlainStack } from "../support/plainStack.ts";
import { joinRoom, type RoomMember } from "../support/roomMember.ts";
import { outcome, outputsOf, said, success } from "../support/stack.ts";
import { until } from "../support/until.ts";

const STACK = "revoke";
const MINUTES = 60_000;

const SETTINGS = `# the stack of a test
config:
  turnkey:target: docker
  turnkey:livekit: { port: 15880, metricsPort: 15789 }
  turnkey:rtc: { tcpPort: 15881, mediaPorts: { from: 15100, to: 15119 } }
  turnkey:turn: { udpPort: 15443, tlsPort: 15549 }
  turnkey:edge: false # two containers
  turnkey:api:
    port: 15890
    metricsPort: 15891
`;

let stack: PlainStack;
let members: RoomMember[] = [];
beforeAll(async () => {
  stack = await plainStack(STACK, SETTINGS);
  await stack.up();
}, 8 * MINUTES);
afterEach(async () => {
  await Promise.all(members.map((it) => it.end()));
  members = [];
});
afterAll(() => stack.remove(), 4 * MINUTES);

const outputs = () => outputsOf(stack.checkout, STACK);
const revoke = (...args: string[]) =>
  stack.checkout.run("revoke", "--stack", STACK, ...args, "--yes");
const fileNow = () => readFileSync(stack.file, "utf8");

/** A signed-in user of the API. */
const userOf = (user: string, { apiUrl, apiJwtSecret = "" }: StackOutputs) => {
  const ask = async (path: string, method: string, body?: object) => {
    const claims = { subject: user, ttlSeconds: 60, now: new Date() };
    const authorization = `Bearer ${await signApiToken(apiJwtSecret, claims)}`;
    const sent = body && { body: JSON.stringify(body) };
    const headers = { authorization, ...(body && { "content-type": "application/json" }) };
    return fetch(apiUrl + path, { method, headers, ...sent });
  };
  const iceConfig = () => ask("/api/livekit/ice-config", "GET");
  return {
    status: async () => (await iceConfig()).status,
    credential: async (): Promise<TurnCredential> => {
      const { iceServers } = IceConfig.parse(await (await iceConfig()).json());
      const { username = "", credential = "" } = iceServers.find((it) => it.credential) ?? {};
      return { username, credential };
    },
    roomToken: async (device: string) => {
      const body = { room_name: "r", participant_identity: device };
      const answer = await ask("/api/livekit/token", "POST", body);
      return RoomTokenResponse.parse(await answer.json()).participant_token;
    },
  };
};

async function enter({ livekitUrl }: StackOutputs, token: string): Promise<RoomMember> {
  const member = await joinRoom(livekitUrl, token);
  members.push(member);
  return member;
}

/** Takes a relay on the TURN/UDP URL; gives the code of a refusal. */
async function allocate({ iceUrls }: StackOutputs, credential: TurnCredential) {
  try {
    const { signal } = new AbortController();
    const relay = await openRelay(parseIceUrl(iceUrls[1] ?? ""), { credential, signal });
    await relay.client.close();
    return "allocated";
  } catch (error) {
    if (error instanceof LegFailure && error.finding.kind === "refused") return error.finding.code;
    throw error;
  }
}

/** What LiveKit answers to a client that is about to join. */
const validate = async ({ livekitUrl }: StackOutputs, token: string) =>
  (await fetch(`${livekitUrl.replace(/^ws/, "http")}/rtc/validate?access_token=${token}`)).status;

const identities = async ({ livekitUrl, roomKey }: StackOutputs) => {
  const rooms = new RoomServiceClient(livekitUrl, roomKey.key, roomKey.secret);
  return (await rooms.listParticipants("r")).map(({ identity }) => identity);
};

const Answer = z.strictObject({
  user: z.literal("alice"),
  cutOff: z.literal(true),
  removed: z.array(z.strictObject({ room: z.string(), identity: z.string() })),
  goesOn: z.array(
    z.strictObject({ what: z.string(), until: z.string().optional(), why: z.string() }),
  ),
});

test(
  "a user who is cut off is out of the room and out of the API, and nobody else notices",
  async () => {
    const it = await outputs();
    const [alice, bob] = [userOf("alice", it), userOf("bob", it)];
    const token = await alice.roomToken("phone");
    const credential = await alice.credential();
    const phone = await enter(it, token);
    const other = await enter(it, await bob.roomToken("tab"));
    const written = fileNow();
    const started = await stack.startedAt("livekit", "api");

    const script = [join("scripts", "bootstrap.mjs"), "revoke", "--stack", STACK, "user", "alice"];
    const unasked = await stack.checkout.exec(process.execPath, script, { CI: "" });
    expect(said(unasked)).toContain("npm run revoke -- --stack revoke user alice --yes");
    expect(unasked.code).toBe(1);
    expect(fileNow()).toBe(written);
    expect(phone.isIn()).toBe(true);

    const revoked = await revoke("user", "alice", "--json");
    expect(outcome(revoked)).toEqual(success);
    const { removed, goesOn } = Answer.parse(JSON.parse(revoked.stdout));
    expect(removed).toContainEqual({ room: "r", identity: "alice#phone" });
    expect(goesOn.map(({ what }) => what)).toEqual([
      "room tokens",
      "TURN credentials",
      "open relays",
    ]);
    expect(await phone.left).toBe("PARTICIPANT_REMOVED");
    const own = "    metricsPort: 15891\n";
    expect(fileNow()).toBe(written.replace(own, `${own}    blockedUsers:\n      - "alice"\n`));
    expect([await alice.status(), await bob.status()]).toEqual([403, 200]);

    // As the command says: the token lets them in again, and the API takes them out; relays open.
    const back = await enter(it, token);
    expect(await back.left).toBe("PARTICIPANT_REMOVED");
    expect(await allocate(it, credential)).toBe("allocated");

    expect(other.isIn()).toBe(true);
    expect(await until(async () => (await identities(it)).length === 1)).toBe(true);
    expect(await identities(it)).toEqual(["bob#tab"]);
    expect(await stack.startedAt("livekit", "api")).toEqual(started);

    const undone = await revoke("user", "alice", "--undo");
    expect(outcome(undone)).toEqual(success);
    expect(undone.stdout).toContain('let in again: user alice of stack "revoke"');
    expect(await until(async () => (await alice.status()) === 200)).toBe(true);
    expect(fileNow()).toBe(written.replace(own, `${own}    blockedUsers: []\n`));
    expect(await stack.startedAt("livekit", "api")).toEqual(started);
  },
  6 * MINUTES,
);

test(
  "what revoked keys made is refused at once, and what other keys make is not",
  async () => {
    const first = await outputs();
    const bob = userOf("bob", first);
    const old = { credential: await bob.credential(), token: await bob.roomToken("tab") };
    expect(await allocate(first, old.credential)).toBe("allocated");
    expect(await validate(first, old.token)).toBe(200);

    const revoked = await revoke("generation", "1");
    expect(outcome(revoked)).toEqual(success);
    expect(revoked.stdout).toContain('revoked: generation 1 of the keys of stack "revoke"');
    expect(revoked.stdout).toContain("In use are the keys of generation 2");
    const second = await outputs();
    expect(second.keyGeneration).toBe(2);
    // pion/turn answers 400 to a user name whose key it does not know.
    expect([400, 401]).toContain(await allocate(second, old.credential));
    expect(await validate(second, old.token)).toBe(401);
    const newer = { credential: await bob.credential(), token: await bob.roomToken("tab") };
    expect(await allocate(second, newer.credential)).toBe("allocated");
    expect(await validate(second, newer.token)).toBe(200);

    const again = await revoke("generation", "1");
    expect(said(again)).toContain('generation 1 of stack "revoke" is revoked already');
    expect(again.code).toBe(1);

    // Nothing that is valid ends with it, so it may follow at once.
    expect(outcome(await stack.checkout.run("rotate", "--stack", STACK))).toEqual(success);
    const previous = await revoke("generation", "2", "--json");
    expect(outcome(previous)).toEqual(success);
    expect(JSON.parse(previous.stdout)).toMatchObject({ revoked: [2], current: 3 });
    const third = await outputs();
    expect(third.keyGeneration).toBe(3);
    expect([400, 401]).toContain(await allocate(third, newer.credential));
    expect(await validate(third, newer.token)).toBe(401);
    expect(await allocate(third, await bob.credential())).toBe("allocated");
  },
  6 * MINUTES,
);
