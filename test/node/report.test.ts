/** What an update waits for: the node's own report of the document that it was given. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { NodeDocument } from "../../plan/nodeDocument.ts";
import { waitApplied } from "../support/node/applied.ts";
import { account, statusOf } from "../support/node/booted.ts";
import { withIllness, withMemory } from "../support/node/changed.ts";
import { publish } from "../support/node/deployment.ts";
import { relayUrls, startLiveRelays } from "../support/node/liveRelays.ts";
import { type Rig, startRig } from "../support/node/rig.ts";
import { withEnvironment } from "../support/node/told.ts";

const SECONDS = 1_000;
const MINUTES = 60 * SECONDS;

/** Shorter than in production, as one test waits for its end. */
const READY_SECONDS = 90;
const IMPATIENT = { "turnkey-agent": `TURNKEY_READY_SECONDS=${READY_SECONDS}` };

let rig: Rig;
/** What runs, and its version. */
let changed: NodeDocument;
let runs: string;
beforeAll(async () => {
  rig = await startRig();
  await withEnvironment(rig, IMPATIENT);
}, 10 * MINUTES);
afterAll(() => rig.remove(), 3 * MINUTES);

const store = (document: NodeDocument) =>
  publish(rig.cloud, { ...rig.deployed, document }, rig.apiImage);

test(
  "an update goes on once the node says that it runs what was stored",
  async () => {
    changed = withMemory(rig.deployed.document, "api", 1);
    const version = await store(changed);
    const { told, error } = await waitApplied(rig, version, { seconds: 240 });
    expect(error).toBeUndefined();
    // It was asked before it could know of it.
    expect(told.length).toBeGreaterThan(0);
    expect(await statusOf(rig)).toMatchObject({ state: "applied", applied: version });
    runs = version;
  },
  6 * MINUTES,
);

test(
  "an update fails when the node goes back to what it ran before, and relays flow on",
  async () => {
    // Not through the edge, which is the service that falls ill.
    const urls = relayUrls(rig).filter((it) => it.startsWith("turn:"));
    const relays = await startLiveRelays(rig, { urls });
    const version = await store(withIllness(changed, "edge"));
    const { error } = await waitApplied(rig, version, { seconds: 400 });
    const atRefusal = await relays.counted();
    const refused = `it refused version ${version} of its document, and runs ${runs}`;
    if (error === undefined || !error.includes(refused))
      throw new Error(`${error}\n${await account(rig)}`);
    expect(await statusOf(rig)).toMatchObject({ state: "refused", wanted: version, applied: runs });
    const after = await relays.stop();
    expect(Object.keys(after)).toEqual(urls);
    expect(urls).toHaveLength(1);
    for (const [url, { received, ended }] of Object.entries(after)) {
      expect({ url, ended }).toEqual({ url, ended: undefined });
      expect(received).toBeGreaterThan(atRefusal[url]?.received ?? Infinity);
    }
  },
  9 * MINUTES,
);

test(
  "the next update asks again, and goes on when another document mends it",
  async () => {
    const refused = (await statusOf(rig)).wanted ?? "";
    const again = await waitApplied(rig, refused, { seconds: 60 });
    expect(again.error).toContain("it refused version");
    const version = await store(changed);
    expect((await waitApplied(rig, version, { seconds: 240 })).error).toBeUndefined();
  },
  6 * MINUTES,
);
