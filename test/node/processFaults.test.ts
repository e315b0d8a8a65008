/** What relays lose when processes on the node die, and that the node mends itself. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { credentialOf } from "../support/relayStream.ts";
import { untilApplied } from "../support/node/booted.ts";
import {
  containersOf,
  during,
  kill,
  losses,
  onNode,
  relaysToBeHad,
  statusAt,
  untilRelays,
  untilWhole,
} from "../support/node/faults.ts";
import { type Rig, startRig } from "../support/node/rig.ts";

const SECONDS = 1_000;
const MINUTES = 60 * SECONDS;

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
  await untilWhole(rig);
  await untilApplied(rig);
  await untilRelays(rig);
}, 10 * MINUTES);
afterAll(() => rig.remove(), 3 * MINUTES);

test(
  "relays that are held lose nothing while nothing happens",
  async () => {
    const { relays, lost } = await during(rig, async () => undefined);
    expect(lost).toEqual(losses(rig, "nothing", "nothing"));
    for (const { sent, longestGapMs } of Object.values(relays)) {
      expect(sent).toBeGreaterThan(50);
      expect(longestGapMs).toBeGreaterThan(0);
    }
  },
  10 * MINUTES,
);

describe("a crash", () => {
  test(
    "of the API costs no relay a packet, and it is back by itself",
    async () => {
      const { lost } = await during(rig, () => kill(rig, { services: ["api"] }));
      expect(lost).toEqual(losses(rig, "nothing", "nothing"));
      expect(await statusAt(rig, "/healthz")).toBe(200);
    },
    10 * MINUTES,
  );

  test(
    "of the edge ends the relays over TLS alone, and others can be had at once",
    async () => {
      const { lost } = await during(rig, () => kill(rig, { services: ["edge"] }));
      expect(lost).toEqual(losses(rig, "nothing", "all"));
      expect(await relaysToBeHad(rig)).toBe(true);
    },
    10 * MINUTES,
  );

  test(
    "of LiveKit ends all relays, and the same credential has others",
    async () => {
      const credential = credentialOf(rig.deployed.outputs, "a-caller");
      const { lost } = await during(rig, () => kill(rig, { services: ["livekit"] }), credential);
      expect(lost).toEqual(losses(rig, "all", "all"));
      expect(await relaysToBeHad(rig, credential)).toBe(true);
    },
    10 * MINUTES,
  );

  test(
    "of all three at once ends all relays, and everything is back",
    async () => {
      const services = ["livekit", "api", "edge"];
      const { lost } = await during(rig, () => kill(rig, { services }));
      expect(lost).toEqual(losses(rig, "all", "all"));
      expect(await relaysToBeHad(rig)).toBe(true);
      expect(await statusAt(rig, "/healthz")).toBe(200);
    },
    10 * MINUTES,
  );

  test(
    "of the agent and of what runs beside it costs nothing, and touches no container",
    async () => {
      const before = await containersOf(rig);
      const listed = await onNode(rig, "cd /run/systemd/system && ls turnkey-*.service");
      const tasks = listed.split(/\s+/).filter((it) => !/-(livekit|api|edge)\./.test(it));
      expect(tasks).toEqual(
        expect.arrayContaining(["turnkey-proof.service", "turnkey-ship.service"]),
      );
      const units = ["turnkey-agent.service", ...tasks];
      const { lost } = await during(rig, async () => {
        await kill(rig, { units });
        await untilApplied(rig);
      });
      expect(lost).toEqual(losses(rig, "nothing", "nothing"));
      expect(await containersOf(rig)).toBe(before);
    },
    10 * MINUTES,
  );
});

/** Returns once it answers again, or after half a minute. */
const KILL_ENGINE = `systemctl kill --signal=KILL docker.service
for _ in $(seq 60); do sleep 0.5; docker version >/dev/null 2>&1 && break; done
`;

describe("the engine", () => {
  const ends: Record<string, () => Promise<unknown>> = {
    "is restarted": () => onNode(rig, "systemctl restart docker.service"),
    "is killed": () => kill(rig, { units: ["docker.service"] }),
    "is killed, and containerd with it": () =>
      kill(rig, { units: ["docker.service", "containerd.service"] }),
    // More often than Docker's own unit puts up with.
    "is killed again and again": () => onNode(rig, KILL_ENGINE.repeat(5)),
  };
  test.each(Object.keys(ends))(
    "%s: relays lose nothing, the containers are the same, and a service that dies after that is back",
    async (how) => {
      const before = await containersOf(rig);
      const { lost } = await during(rig, async () => ends[how]?.());
      expect(lost).toEqual(losses(rig, "nothing", "nothing"));
      expect(await containersOf(rig)).toBe(before);
      const after = await during(rig, () => kill(rig, { services: ["api"] }));
      expect(after.lost).toEqual(losses(rig, "nothing", "nothing"));
    },
    10 * MINUTES,
  );

  test(
    "and a service that die together are both back, and relays lose nothing",
    async () => {
      const both = { services: ["api"], units: ["docker.service"] };
      const { lost } = await during(rig, () => kill(rig, both));
      expect(lost).toEqual(losses(rig, "nothing", "nothing"));
      expect(await statusAt(rig, "/healthz")).toBe(200);
    },
    10 * MINUTES,
  );
});
