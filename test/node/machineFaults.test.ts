/** What relays lose when the node loses its power, its API's clock is wrong, or its disk is full. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { signApiToken } from "../../turn/apiToken.ts";
import { IceConfig } from "../../turn/iceConfig.ts";
import { RoomTokenResponse } from "../../turn/roomToken.ts";
import { advertised } from "../../verify/advertised.ts";
import { OFF_SECONDS, setClock, withClockToSet } from "../support/node/apiClock.ts";
import { ask } from "../support/node/ask.ts";
import { account, statusOf, untilApplied } from "../support/node/booted.ts";
import { publish } from "../support/node/deployment.ts";
import { withMemory } from "../support/node/changed.ts";
import {
  containersOf,
  crash,
  during,
  kill,
  losses,
  onNode,
  relaysToBeHad,
  untilRelays,
  untilWhole,
} from "../support/node/faults.ts";
import { startLiveRelays } from "../support/node/liveRelays.ts";
import { openRoom } from "../support/node/openRoom.ts";
import { type Rig, startRig } from "../support/node/rig.ts";
import { fillDisk, freeDisk, useSmallDisk } from "../support/node/smallDisk.ts";
import { soon } from "../support/node/soon.ts";
import { awsValues } from "../support/plans.ts";

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

/** A user's sign-in token that was made so many seconds ago. */
const signedIn = (ttlSeconds: number, secondsAgo = 0) =>
  signApiToken(awsValues.api.signIn.secret, {
    subject: "alice",
    ttlSeconds,
    now: new Date(Date.now() - secondsAgo * SECONDS),
  });

/** The last good document, as the node would find it at its next boot. */
const kept = () => onNode(rig, "cat /var/lib/turnkey/good.json");

/** What the node answers a client, who may be signed in. */
async function asked(path: string, token?: string, method = "GET") {
  const headers = {
    "content-type": "application/json",
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const body = method === "POST" ? { body: "{}" } : {};
  const [answer] = await ask(rig.internet.client, {
    check: false,
    questions: [{ url: `https://${rig.host}${path}`, method, headers, ...body }],
  });
  if (answer === undefined) throw new Error(`${path} has no answer`);
  return answer;
}
const iceConfig = "/api/livekit/ice-config";

/** A credential that the API makes, for the longest time or for so many seconds. */
async function credential(ttlSeconds?: number) {
  const query = ttlSeconds === undefined ? "" : `?ttl=${ttlSeconds}`;
  const { body } = await asked(`${iceConfig}${query}`, await signedIn(3_600));
  const [relay] = advertised(IceConfig.parse(JSON.parse(body))).relays;
  if (relay === undefined) throw new Error(`no relay in ${body}`);
  return relay.credential;
}

async function roomTokenOf() {
  const { body } = await asked("/api/livekit/token", await signedIn(3_600), "POST");
  return RoomTokenResponse.parse(JSON.parse(body)).participant_token;
}

test(
  "a node that loses its power is back with the last good document by itself",
  async () => {
    const before = await containersOf(rig);
    const { lost } = await during(rig, () => rig.reboot());
    expect(Object.values(lost)).not.toContain("nothing");
    await untilApplied(rig);
    expect(await containersOf(rig)).not.toBe(before);
    await untilRelays(rig);
  },
  10 * MINUTES,
);

describe("a full disk", () => {
  const reserveIs = (held: boolean) =>
    soon(async () => (await onNode(rig, "ls /var/lib/turnkey")).includes("reserve") === held, {
      withinMs: 4 * MINUTES,
      otherwise: () => account(rig),
    });
  /** Also what the node's agent gave up. */
  const fillToTheEnd = async () => {
    await fillDisk(rig);
    await reserveIs(false);
    await fillDisk(rig);
  };
  beforeAll(async () => {
    await useSmallDisk(rig);
    await untilWhole(rig);
    await untilApplied(rig);
    await untilRelays(rig);
    await reserveIs(true);
  }, 10 * MINUTES);

  test(
    "costs no relay a packet, and relays and rooms are to be had",
    async () => {
      const { lost } = await during(rig, fillToTheEnd);
      expect(lost).toEqual(losses(rig, "nothing", "nothing"));
      await expect(onNode(rig, "echo something >/var/log/something")).rejects.toThrow("ended with");
      expect(await relaysToBeHad(rig)).toBe(true);
      await openRoom(rig, await roomTokenOf());
    },
    10 * MINUTES,
  );

  test(
    "keeps no document from being applied, which is kept once there is room",
    async () => {
      await fillToTheEnd();
      const before = await kept();
      const version = await publish(rig.cloud, rig.deployed, rig.apiImage);
      await untilApplied(rig, version);
      expect(await kept()).toBe(before);
      await freeDisk(rig);
      const isKept = async () => (await kept()).includes(version);
      await soon(isKept, { withinMs: 4 * MINUTES, otherwise: () => account(rig) });
      await reserveIs(true);
    },
    10 * MINUTES,
  );

  test(
    "costs no relay a packet either where it keeps a container from being made: the document waits for room",
    async () => {
      const { document } = rig.deployed;
      const changed = { ...rig.deployed, document: withMemory(document, "livekit", 8) };
      const before = await containersOf(rig);
      let version = "";
      const { lost } = await during(rig, async () => {
        await fillToTheEnd();
        version = await publish(rig.cloud, changed, rig.apiImage);
        const isTold = async () => {
          const { wanted, problem } = await statusOf(rig);
          return wanted === version && (problem ?? "").includes("no space left on device");
        };
        await soon(isTold, { withinMs: 4 * MINUTES, otherwise: () => account(rig) });
      });
      expect(lost).toEqual(losses(rig, "nothing", "nothing"));
      expect(await containersOf(rig)).toBe(before);
      await freeDisk(rig);
      await untilApplied(rig, version);
      expect(await containersOf(rig)).not.toBe(before);
      await untilRelays(rig);
      await reserveIs(true);
    },
    10 * MINUTES,
  );

  test(
    "keeps nothing down that dies then, as the node gives up its reserve",
    async () => {
      const { lost } = await during(rig, async () => {
        await fillDisk(rig);
        await kill(rig, { services: ["api"] });
      });
      expect(lost).toEqual(losses(rig, "nothing", "nothing"));
      await freeDisk(rig);
      await reserveIs(true);
    },
    10 * MINUTES,
  );

  test(
    "without that reserve keeps down what dies, and no longer than until there is room",
    async () => {
      await fillToTheEnd();
      await crash(rig, { services: ["api"] });
      const script = "systemctl show --property=NRestarts --value turnkey-api.service";
      const tried = Number(await onNode(rig, script));
      await soon(async () => Number(await onNode(rig, script)) > tried + 1, {
        withinMs: 4 * MINUTES,
        otherwise: () => account(rig),
      });
      expect(await relaysToBeHad(rig)).toBe(true);
      await freeDisk(rig);
      await untilWhole(rig);
    },
    10 * MINUTES,
  );
});

describe("the API's clock, five minutes off,", () => {
  beforeAll(async () => {
    const { deployed, cloud, apiImage } = rig;
    const document = withClockToSet(deployed.document);
    await untilApplied(rig, await publish(cloud, { ...deployed, document }, apiImage));
  }, 10 * MINUTES);

  // In the order of OFF_SECONDS: what is valid by its own clock alone, and what LiveKit's says of what it makes.
  const cases = [
    {
      way: "ahead of",
      signIns: { "for two minutes": 401, "over two minutes ago": 401 },
      shortCredential: "has relays",
      roomToken: 401,
    },
    {
      way: "behind",
      signIns: { "for two minutes": 200, "over two minutes ago": 200 },
      shortCredential: "refused",
      roomToken: 200,
    },
  ];
  test("has these cases", () => expect(cases).toHaveLength(OFF_SECONDS.length));

  test.each(cases)(
    "$way LiveKit's: relays that are held lose nothing, others are to be had, and /readyz tells",
    async ({ way, signIns, shortCredential, roomToken }) => {
      const live = await startLiveRelays(rig);
      await setClock(rig);
      const told = new RegExp(`the clock is (299|300|301) s ${way} LiveKit's`);
      await soon(async () => told.test((await asked("/readyz?without=address")).body), {
        withinMs: 2 * MINUTES,
        otherwise: async () => (await asked("/readyz?without=address")).body,
      });

      expect(await relaysToBeHad(rig, await credential())).toBe(true);
      const short = relaysToBeHad(rig, await credential(120));
      await (shortCredential === "refused"
        ? expect(short).rejects.toThrow('"request":"Allocate","code":400')
        : expect(short).resolves.toBe(true));
      const validate = `/rtc/validate?access_token=${await roomTokenOf()}`;
      expect((await asked(validate)).status).toBe(roomToken);
      const statuses = {
        "for two minutes": (await asked(iceConfig, await signedIn(120))).status,
        "over two minutes ago": (await asked(iceConfig, await signedIn(60, 180))).status,
      };
      expect(statuses).toEqual(signIns);

      for (const { sent, received, ended } of Object.values(await live.stop())) {
        expect({ received, ended }).toEqual({ received: sent, ended: undefined });
        expect(sent).toBeGreaterThan(0);
      }
    },
    10 * MINUTES,
  );

  test(
    "right again, is told by /readyz as well",
    async () => {
      await setClock(rig);
      await untilWhole(rig);
    },
    10 * MINUTES,
  );
});
