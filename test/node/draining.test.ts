/** Calls that go on while their LiveKit is to end: what becomes of them, and of who comes meanwhile. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { NodeDocumentStatus } from "../../api/readiness/nodeDocument.ts";
import type { DocumentService, NodeDocument } from "../../plan/nodeDocument.ts";
import { account, statusOf, untilApplied } from "../support/node/booted.ts";
import { askAs, askForRoom, joinCall } from "../support/node/calls.ts";
import { publish } from "../support/node/deployment.ts";
import { containersOf, kill, onNode } from "../support/node/faults.ts";
import { type LiveRelays, startLiveRelays } from "../support/node/liveRelays.ts";
import { type Rig, startRig } from "../support/node/rig.ts";
import { soon } from "../support/node/soon.ts";
import { untilTold } from "../support/node/told.ts";
import type { RoomMember } from "../support/roomMember.ts";
import { withService } from "./support/documents.ts";

const SECONDS = 1_000;
const MINUTES = 60 * SECONDS;
const ROOM = "stand-up";
/** What LiveKit tells members whose room is closed. */
const CLOSED = "ROOM_DELETED";
/** Limits: one that nothing reaches, one that is soon over, one in which a loaded machine sees what is meanwhile. */
const LONG_SECONDS = 600;
const SHORT_SECONDS = 15;
const SHUTDOWN_SECONDS = 45;

let rig: Rig;
let document: NodeDocument;
beforeAll(async () => {
  rig = await startRig();
  document = rig.deployed.document;
  await untilApplied(rig);
}, 8 * MINUTES);

const members: RoomMember[] = [];
afterAll(() => Promise.all(members.map((it) => it.end())), MINUTES);
afterAll(() => rig.remove(), 3 * MINUTES);

async function join(name: string): Promise<RoomMember> {
  const member = await joinCall(rig, name, ROOM);
  members.push(member);
  return member;
}

/** Publishes the document with a change of one service; gives its version. */
function redeploy(
  service: DocumentService["name"],
  change: (service: DocumentService) => DocumentService,
): Promise<string> {
  document = withService(document, service, change);
  return publish(rig.cloud, { ...rig.deployed, document }, rig.apiImage);
}

const otherContainer = (service: DocumentService): DocumentService => ({
  ...service,
  environment: { ...service.environment, CHANGED: `${Date.now()}` },
});
const within = (stopSeconds: number) => (service: DocumentService) => ({
  ...service,
  limits: { ...service.limits, stopSeconds },
});

const DrainLine = z.object({
  event: z.enum(["draining", "ending LiveKit"]),
  relays: z.int(),
  participants: z.int(),
  after: z.number().optional(),
});

/** What was said about draining since the node booted. */
async function drains() {
  const printed = await onNode(rig, "journalctl --unit=turnkey-livekit --output=cat --no-pager");
  return printed.split("\n").flatMap((line) => {
    const told = line.startsWith("{") ? DrainLine.safeParse(JSON.parse(line)).data : undefined;
    return told ? [told] : [];
  });
}

const patience = { withinMs: MINUTES, otherwise: () => account(rig) };
const untilDraining = () => untilTold(rig, { state: "draining" });

const answers = {
  room: () => askForRoom(rig, "carol", "another"),
  ice: () => askAs(rig, "carol", { url: "/api/livekit/ice-config" }),
};

/** Whether nothing begins: no call, and no relay. */
async function expectRefused() {
  const refused = { status: 503, headers: { "retry-after": "10" } };
  expect(await answers.room()).toMatchObject(refused);
  expect(await answers.ice()).toMatchObject(refused);
}

const documentState = async () => {
  const { body } = await askAs(rig, "carol", { url: "/readyz" });
  return z.object({ document: NodeDocumentStatus }).parse(JSON.parse(body)).document.state;
};

const nothingLost = (report: Awaited<ReturnType<LiveRelays["stop"]>>) => {
  for (const { sent, received, ended } of Object.values(report)) {
    expect({ received, ended }).toEqual({ received: sent, ended: undefined });
    expect(sent).toBeGreaterThan(0);
  }
};

describe("a document that changes LiveKit", () => {
  test(
    "waits for members and for relays, loses them nothing, and goes on at once when they have left",
    async () => {
      const [alice, bob] = [await join("alice"), await join("bob")];
      const relays = await startLiveRelays(rig);
      const version = await redeploy("livekit", (it) => within(LONG_SECONDS)(otherContainer(it)));
      await untilDraining();
      await expectRefused();
      expect(await documentState()).toBe("draining");
      expect([alice.isIn(), bob.isIn()]).toEqual([true, true]);

      await Promise.all([alice.leave(), bob.leave()]);
      await sleep(2 * SECONDS);
      expect((await statusOf(rig)).state).toBe("draining");
      nothingLost(await relays.stop());

      await untilApplied(rig, version);
      const [begun, ended, ...others] = await drains();
      // LiveKit's count of a room is up to five seconds old.
      expect(begun?.participants).toBeGreaterThan(0);
      expect(begun?.relays).toBeGreaterThanOrEqual(3);
      expect(ended).toMatchObject({ event: "ending LiveKit", relays: 0, participants: 0 });
      expect(ended?.after).toBeLessThan(LONG_SECONDS);
      expect(others).toEqual([]);

      expect(await answers.ice()).toMatchObject({ status: 200 });
      const again = await join("alice");
      expect(again.isIn()).toBe(true);
      await again.leave();
    },
    10 * MINUTES,
  );

  test(
    "ends calls that last longer than it may wait, and tells their members that",
    async () => {
      const [alice, bob] = [await join("alice"), await join("bob")];
      const version = await redeploy("livekit", (it) => within(SHORT_SECONDS)(otherContainer(it)));
      await untilDraining();
      expect([alice.isIn(), bob.isIn()]).toEqual([true, true]);
      expect(await Promise.all([alice.left, bob.left])).toEqual([CLOSED, CLOSED]);
      await untilApplied(rig, version);
      const ended = (await drains()).at(-1);
      expect(ended?.participants).toBeGreaterThan(0);
      expect(ended?.after).toBeGreaterThanOrEqual(SHORT_SECONDS);
      expect(await answers.room()).toMatchObject({ status: 201 });
    },
    10 * MINUTES,
  );
});

describe("nobody is told to leave, and nothing is waited for,", () => {
  let alice: RoomMember;
  let before: Awaited<ReturnType<typeof drains>>;
  beforeAll(async () => {
    alice = await join("alice");
    before = await drains();
  }, 3 * MINUTES);

  test(
    "by a document that changes another service, or only how long calls are waited for",
    async () => {
      await untilApplied(rig, await redeploy("api", otherContainer));
      await untilApplied(rig, await redeploy("livekit", within(SHUTDOWN_SECONDS)));
      expect(await drains()).toEqual(before);
      expect(alice.isIn()).toBe(true);
    },
    10 * MINUTES,
  );

  test(
    "by an agent that starts again",
    async () => {
      const containers = await containersOf(rig);
      const { since } = await statusOf(rig);
      await onNode(rig, "systemctl restart turnkey-agent");
      await untilTold(rig, { state: "applied", otherThan: since });
      expect(await containersOf(rig)).toBe(containers);
      expect(await drains()).toEqual(before);
      expect(alice.isIn()).toBe(true);
    },
    6 * MINUTES,
  );

  test(
    "when LiveKit crashes: its members have to find out themselves",
    async () => {
      await kill(rig, { services: ["livekit"] });
      const nothing = sleep(5 * SECONDS, "nothing");
      expect(await Promise.race([alice.left, nothing])).not.toBe(CLOSED);
      expect(await drains()).toEqual(before);
    },
    6 * MINUTES,
  );
});

test(
  "a shutdown lets calls go on as long, with the API refusing others, and then tells their members",
  async () => {
    // LiveKit may be at its start.
    await soon(
      () =>
        answers.room().then(
          ({ status }) => status === 201,
          () => false,
        ),
      patience,
    );
    const alice = await join("alice");
    const relays = await startLiveRelays(rig);
    await onNode(rig, "systemctl poweroff");
    await soon(async () => (await documentState()) === "draining", patience);
    const before = await relays.counted();
    await expectRefused();
    expect(alice.isIn()).toBe(true);
    const after = await relays.counted();
    for (const [url, { received, ended }] of Object.entries(after)) {
      expect(ended).toBeUndefined();
      expect(received).toBeGreaterThan(before[url]?.received ?? Infinity);
    }
    expect(await alice.left).toBe(CLOSED);
    await relays.stop();
  },
  6 * MINUTES,
);
