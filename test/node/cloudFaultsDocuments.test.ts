/** Documents that are broken, and keys that are rotated, while relays are held: what each costs, and what runs afterwards. */
import { basename } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { NodeDocument } from "../../plan/nodeDocument.ts";
import { statusOf, untilApplied } from "../support/node/booted.ts";
import { deployment, publish, storeDocument } from "../support/node/deployment.ts";
import { containersOf, during, onNode } from "../support/node/faults.ts";
import { relayUrls, startLiveRelays } from "../support/node/liveRelays.ts";
import { type Rig, startRig } from "../support/node/rig.ts";
import { untilTold, withEnvironment } from "../support/node/told.ts";
import { credentialOf } from "../support/relayStream.ts";
import { withService } from "./support/documents.ts";

const SECONDS = 1_000;
const MINUTES = 60 * SECONDS;
/** Calls get so long before LiveKit is stopped. */
const VALUES = { livekit: { stopSeconds: 5 } };
/** How long the node waits for a document to be ready before it goes back; in production 180. */
const READY_SECONDS = 60;
/** With it: to drain, and to make containers anew twice, on a machine that has much else to do. */
const BACK_MS = (READY_SECONDS + 240) * SECONDS;

let rig: Rig;
beforeAll(async () => {
  rig = await startRig(VALUES);
  await withEnvironment(rig, {
    "turnkey-agent": `TURNKEY_READY_SECONDS=${READY_SECONDS} TURNKEY_POLL_SECONDS=1`,
  });
}, 15 * MINUTES);
afterAll(() => rig.remove(), 2 * MINUTES);

const lostBy = (what: "nothing" | "all") =>
  Object.fromEntries(relayUrls(rig).map((it) => [it, what]));

const deploy = (document: object): Promise<string> =>
  publish(rig.cloud, { ...rig.deployed, document }, rig.apiImage);

const withScript = (name: string, more: string): NodeDocument => {
  const { document } = rig.deployed;
  return {
    ...document,
    scripts: { ...document.scripts, [name]: `${document.scripts[name]}\n${more}\n` },
  };
};

describe("a broken document", () => {
  test(
    "that no node could apply is refused before anything is touched",
    async () => {
      const { document } = rig.deployed;
      const { applied } = await statusOf(rig);
      const containers = await containersOf(rig);
      const broken: readonly [string | object, RegExp][] = [
        ["{", /^the node document is refused: JSONDecodeError/],
        [{ ...document, format: 2 }, /its format is not 1$/],
        [{ ...document, padding: "x".repeat(1_000_000) }, /over 1000000 bytes$/],
        [withScript("containers.py", "def broken(:"), /SyntaxError/],
        [
          withScript("apply.py", 'def check(*_):\n    raise ValueError("a fault")'),
          /ValueError\('a fault'\)$/,
        ],
      ];
      const { lost } = await during(rig, async () => {
        for (const [bad, problem] of broken) {
          // oxlint-disable-next-line no-await-in-loop -- in this order
          const wanted = await (typeof bad === "string"
            ? storeDocument(rig.cloud, bad)
            : deploy(bad));
          // oxlint-disable-next-line no-await-in-loop
          await untilTold(rig, { state: "refused", wanted, problem });
        }
      });
      expect(lost).toEqual(lostBy("nothing"));
      expect(await statusOf(rig)).toMatchObject({ applied });
      expect(await containersOf(rig)).toBe(containers);
    },
    10 * MINUTES,
  );

  test(
    "whose image cannot be had, or whose script fails before the switch, is tried again, and costs nothing",
    async () => {
      const containers = await containersOf(rig);
      const image = "registry.invalid/api:1";
      const unpulled = withService(rig.deployed.document, "api", (it) => ({ ...it, image }));
      const failing = withScript("host.py", 'def prepare(_):\n    raise ValueError("a fault")');
      const { lost } = await during(rig, async () => {
        for (const [bad, problem] of [
          [unpulled, /^docker pull --quiet failed: .*registry\.invalid/],
          [failing, /^a fault$/],
        ] as const) {
          // oxlint-disable-next-line no-await-in-loop -- in this order
          await untilTold(rig, { state: "applying", wanted: await deploy(bad), problem });
        }
        await untilApplied(rig, await deploy(rig.deployed.document));
      });
      expect(lost).toEqual(lostBy("nothing"));
      expect(await containersOf(rig)).toBe(containers);
    },
    10 * MINUTES,
  );

  test(
    "that fails as it is switched to, or leaves the API unhealthy, is gone back from: no relay is lost",
    async () => {
      const failing = withScript("host.py", 'def protect(_):\n    raise ValueError("a fault")');
      const unhealthy = withService(rig.deployed.document, "api", (it) => ({
        ...it,
        healthCheck: { ...it.healthCheck, command: ["/nowhere"] },
      }));
      const { lost } = await during(rig, async () => {
        for (const [bad, problem] of [
          [failing, /^went back to the last good document: a fault$/],
          [
            unhealthy,
            /went back to the last good document: not ready within 60 s: not healthy: api$/,
          ],
        ] as const) {
          // oxlint-disable-next-line no-await-in-loop -- in this order
          await untilTold(rig, { state: "refused", wanted: await deploy(bad), problem });
        }
      });
      expect(lost).toEqual(lostBy("nothing"));
    },
    10 * MINUTES,
  );

  test(
    "that LiveKit does not start with ends the relays; the last good one is back by itself, and the other is not tried again by the next agent either",
    async () => {
      const bad = withService(rig.deployed.document, "livekit", (it) => ({
        ...it,
        folders: it.folders.map((folder) => ({
          ...folder,
          files: folder.files.map((file) =>
            file.path.endsWith("livekit.yaml") ? { ...file, text: "port: none\n" } : file,
          ),
        })),
      }));
      const { applied } = await statusOf(rig);
      const { lost, wholeMs } = await during(rig, async () => {
        const wanted = await deploy(bad);
        const problem =
          /went back to the last good document: not ready within 60 s: not healthy: .*livekit/;
        await untilTold(rig, { state: "refused", wanted, problem });
      });
      expect(lost).toEqual(lostBy("all"));
      expect(wholeMs).toBeLessThan(BACK_MS);
      expect(await statusOf(rig)).toMatchObject({ applied });
      const containers = await containersOf(rig);
      const { lost: afterwards } = await during(rig, async () => {
        const { since } = await statusOf(rig);
        await onNode(rig, "systemctl restart turnkey-agent.service");
        await untilTold(rig, { state: "refused", otherThan: since });
        expect(await containersOf(rig)).toBe(containers);
        await untilApplied(rig, await deploy(rig.deployed.document));
      });
      expect(afterwards).toEqual(lostBy("nothing"));
    },
    12 * MINUTES,
  );
});

const rotated = async (rotations: readonly string[]) => {
  const { parameters, document, outputs } = await deployment({ ...VALUES, keys: { rotations } });
  return { version: () => publish(rig.cloud, { parameters, document }, rig.apiImage), outputs };
};
/** Whether a relay can be had with a generation's keys. */
const works = (outputs: Rig["deployed"]["outputs"]) =>
  startLiveRelays(rig, { credential: credentialOf(outputs) }).then(
    async (it) => (await it.stop(), true),
    () => false,
  );
/** Prints owner and name of each that only its owner may read. */
const SECRET_FILES = "find /run/turnkey/files -type f -perm 0400 -printf '%U:%G %f\\n'";
const holding = (secret: string) =>
  onNode(rig, `grep -rlF '${secret}' /run/turnkey /var/lib/turnkey | wc -l`);

test(
  "rotated keys start LiveKit anew; the keys before them work until the next rotation, and are on the node no longer after it",
  async () => {
    const first = rig.deployed.outputs;
    const second = await rotated(["2026-10-01"]);
    const { lost } = await during(rig, async () => untilApplied(rig, await second.version()));
    expect(lost).toEqual(lostBy("all"));
    expect([await works(first), await works(second.outputs)]).toEqual([true, true]);
    expect(await holding(first.turnKey.secret)).toBe("1");
    const { services } = rig.deployed.document;
    const secrets = services.flatMap(({ user, folders }) =>
      folders
        .flatMap(({ files }) => files)
        .flatMap((it) => ("parameter" in it ? [`${user} ${basename(it.path)}`] : [])),
    );
    expect(secrets).toContain("65531:65531 keys.yaml");
    expect((await onNode(rig, SECRET_FILES)).split("\n")).toEqual(expect.arrayContaining(secrets));
    expect(await onNode(rig, "findmnt -no FSTYPE -T /run/turnkey/files")).toBe("tmpfs");

    const third = await rotated(["2026-10-01", "2026-11-01"]);
    await untilApplied(rig, await third.version());
    expect([await works(first), await works(second.outputs), await works(third.outputs)]).toEqual([
      false,
      true,
      true,
    ]);
    expect(await holding(first.turnKey.secret)).toBe("0");
    expect(await holding(second.outputs.turnKey.secret)).toBe("1");
  },
  12 * MINUTES,
);
