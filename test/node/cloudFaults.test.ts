/** What is away, broken or changed in the cloud, while relays are held, and at boot: what each fault costs, and how it ends. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import * as z from "zod";
import type { NodeDocument } from "../../plan/nodeDocument.ts";
import { account, statusOf, untilApplied } from "../support/node/booted.ts";
import {
  awsAway,
  awsHangs,
  meanwhile,
  roleWithoutRights,
  serviceAway,
} from "../support/node/cloudAway.ts";
import { publish, removeDocument } from "../support/node/deployment.ts";
import { containersOf, during, kill, onNode, statusAt } from "../support/node/faults.ts";
import { relayUrls, startLiveRelays } from "../support/node/liveRelays.ts";
import { type Rig, startRig } from "../support/node/rig.ts";
import { soon } from "../support/node/soon.ts";
import { untilTold, withEnvironment } from "../support/node/told.ts";
import { withService } from "./support/documents.ts";

const SECONDS = 1_000;
const MINUTES = 60 * SECONDS;

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
  await withEnvironment(rig, { "turnkey-proof": "TURNKEY_EVERY_SECONDS=5" });
}, 15 * MINUTES);
afterAll(() => rig.remove(), 2 * MINUTES);

const nothing = () => Object.fromEntries(relayUrls(rig).map((it) => [it, "nothing"]));

let changes = 0;
/** The deployed document with another container of the API. */
const anotherApi = (document: NodeDocument): NodeDocument =>
  withService(document, "api", (it) => ({
    ...it,
    environment: { ...it.environment, TEST_CHANGE: String((changes += 1)) },
  }));

/** Deploys a document in place of the stack's own; gives its version. */
const deploy = (document: NodeDocument): Promise<string> =>
  publish(rig.cloud, { ...rig.deployed, document }, rig.apiImage);

const Published = z.object({ problem: z.string().nullable() });
/** What the proof told of publishing, in order; null once it publishes. */
const publishing = async (): Promise<(string | null)[]> => {
  const told = await onNode(rig, "journalctl --output=cat --unit=turnkey-proof.service");
  return told
    .split("\n")
    .filter((it) => it.includes('"what": "publishing"'))
    .map((it) => Published.parse(JSON.parse(it)).problem);
};

describe("while relays are held", () => {
  test(
    "AWS may be away: nothing is lost, a container starts, and what was deployed meanwhile is applied after it",
    async () => {
      const before = await publishing();
      const { lost } = await during(rig, async () => {
        const version = await meanwhile(awsAway(rig), async () => {
          const published = await deploy(anotherApi(rig.deployed.document));
          await untilTold(rig, { problem: /^turnkey-\S+ cannot be reached: .*timed out/ });
          // Its log has nowhere to go.
          await kill(rig, { services: ["api"] });
          await soon(async () => (await statusAt(rig, "/healthz")) === 200, {
            withinMs: 90 * SECONDS,
            otherwise: () => account(rig),
          });
          await soon(async () => (await publishing()).length > before.length, {
            withinMs: 90 * SECONDS,
            otherwise: () => account(rig),
          });
          return published;
        });
        await untilApplied(rig, version);
      });
      expect(lost).toEqual(nothing());
      await soon(async () => (await publishing()).at(-1) === null, {
        withinMs: 2 * MINUTES,
        otherwise: () => account(rig),
      });
      const told = (await publishing()).slice(before.length);
      // Once for each way of being away: a call that was under way ends in another one.
      expect(told.length).toBeLessThanOrEqual(3);
      expect(told[0]).toMatch(/^monitoring\.\S+ cannot be reached: /);
    },
    10 * MINUTES,
  );

  test.each([
    ["says nothing", awsHangs, /cannot be reached: .*timed out/],
    ["denies what the role asks", roleWithoutRights, /^s3 answers 403 to HEAD https:/],
  ])(
    "AWS that %s costs nothing, and is told until it is over",
    async (_how, broken, problem) => {
      const { lost } = await during(rig, async () => {
        await meanwhile(broken(rig), async () => {
          await untilTold(rig, { problem });
          expect(await statusAt(rig, "/healthz")).toBe(200);
        });
        await untilTold(rig, { state: "applied", problem: null });
      });
      expect(lost).toEqual(nothing());
    },
    8 * MINUTES,
  );

  test(
    "a document waits for its secrets, and what runs goes on",
    async () => {
      const { lost } = await during(rig, async () => {
        const containers = await containersOf(rig);
        // What deploys needs SSM itself: the node sees neither before there is the document without the secrets.
        const { version, away } = await meanwhile(awsAway(rig), async () => ({
          version: await deploy(anotherApi(rig.deployed.document)),
          away: await serviceAway(rig, "ssm"),
        }));
        await meanwhile(Promise.resolve(away), async () => {
          await untilTold(rig, { wanted: version, problem: /^ssm\.\S+ cannot be reached: / });
          expect(await containersOf(rig)).toBe(containers);
        });
        await untilApplied(rig, version);
      });
      expect(lost).toEqual(nothing());
    },
    8 * MINUTES,
  );
});

describe("at boot", () => {
  /** Relays by TURN/UDP, which need no certificate. */
  const relays = async () => {
    const live = await startLiveRelays(rig, {
      urls: relayUrls(rig).filter((it) => it.startsWith("turn:")),
    });
    await soon(
      async () => Object.values(await live.counted()).every(({ received }) => received > 10),
      { withinMs: MINUTES, otherwise: () => "nothing came through the relay" },
    );
    await live.stop();
  };

  test(
    "without S3 the last good document is applied, and the certificate comes once S3 is there",
    async () => {
      const { applied } = await statusOf(rig);
      const orders = rig.world.ordered();
      await meanwhile(serviceAway(rig, "s3"), async () => {
        await rig.reboot();
        await untilTold(rig, { problem: /s3\.\S+ cannot be reached: / });
        expect(await statusOf(rig)).toMatchObject({ applied });
        expect(await statusAt(rig, "/readyz?without=address")).toBe(200);
        expect(await statusAt(rig, "/readyz")).toBe(503);
        await relays();
      });
      await untilApplied(rig, String(applied));
      expect(rig.world.ordered()).toBe(orders);
    },
    10 * MINUTES,
  );

  const ROLE = "meta-data/iam/security-credentials/";
  const withoutRole = async ({ world }: Rig): Promise<AsyncDisposable> => {
    world.tell({ [ROLE]: undefined });
    return {
      [Symbol.asyncDispose]: async () => world.tell({ [ROLE]: "turnkey-prod-node" }),
    };
  };
  test.each([
    ["SSM", (it: Rig) => serviceAway(it, "ssm"), /^ssm\.\S+ cannot be reached: /],
    ["its role", withoutRole, /^the metadata service tells no iam\/security-credentials\/: 404/],
  ])(
    "without %s there are no secrets: nothing runs, what is missing is told, and it comes by itself",
    async (_what, away, problem) => {
      const { applied } = await statusOf(rig);
      await meanwhile(away(rig), async () => {
        await rig.reboot();
        await untilTold(rig, { state: "applying", problem });
        expect(await statusOf(rig)).toMatchObject({ applied: null });
        expect(await statusAt(rig, "/healthz")).toBe(0);
      });
      await untilApplied(rig, String(applied));
      await relays();
    },
    10 * MINUTES,
  );

  test(
    "a node that never had a document names the one that it waits for",
    async () => {
      await removeDocument(rig.cloud);
      await onNode(rig, "systemctl stop turnkey-agent.service && rm -r /var/lib/turnkey");
      await rig.reboot();
      await untilTold(rig, {
        state: "starting",
        problem: /^s3 answers 404 to HEAD https:\S+\/node\/document\.json/,
      });
      await untilApplied(rig, await deploy(rig.deployed.document));
      await relays();
    },
    10 * MINUTES,
  );
});
