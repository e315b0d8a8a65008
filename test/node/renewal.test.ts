/** The certificate of a booted node: ordered once its name leads there, renewed while relays flow, kept for the next boot. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ask } from "../support/node/ask.ts";
import { account, untilApplied } from "../support/node/booted.ts";
import { dropped, meanwhile } from "../support/node/cloudAway.ts";
import { deployment, publish } from "../support/node/deployment.ts";
import { during, onNode, statusAt } from "../support/node/faults.ts";
import { ACME_NAME, NODE, NODE_NAME, WORLD } from "../support/node/places.ts";
import { type Rig, startRig } from "../support/node/rig.ts";
import { type Served, servedCertificate } from "../support/node/servedCertificate.ts";
import { soon } from "../support/node/soon.ts";
import { giveEnvironment, untilTold } from "../support/node/told.ts";

const SECONDS = 1_000;
const MINUTES = 60 * SECONDS;

/** Else the node looks each hour. */
const PAUSES = "TURNKEY_LOOK_SECONDS=4 TURNKEY_WAIT_SECONDS=1 TURNKEY_RETRY_SECONDS=2";

/** What another boot is to the node's programs: nothing runs, and what lay in memory is gone. */
const BOOT_AGAIN = `systemctl stop turnkey-agent.service 'turnkey-*.service'
rm -rf /run/turnkey /run/systemd/system/turnkey-*.service
systemctl daemon-reload
systemctl start turnkey-agent.service`;

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({}, { resolves: false });
  // Without a certificate, as there is none yet.
  await untilTold(rig, { state: "applied" });
  await giveEnvironment(rig, { "turnkey-certificate": PAUSES });
}, 15 * MINUTES);
afterAll(() => rig.remove(), 3 * MINUTES);

const told = () => onNode(rig, "journalctl --no-pager --output=cat --unit=turnkey-certificate");
const times = (text: string, part: string) => text.split(part).length - 1;

/** Waits until the keeper of the certificate has told this so often; between two tries it lets a minute pass at most. */
const tells = (text: string, often = 1) =>
  soon(async () => times(await told(), text) >= often, {
    withinMs: 3 * MINUTES,
    otherwise: () => account(rig),
  });

/** Does something while the authority cannot be reached; no order is under way when that begins, as it would wait for minutes. */
async function whileAway(work: () => Promise<void>): Promise<void> {
  await onNode(rig, "systemctl stop turnkey-certificate; docker rm --force turnkey-lego");
  await meanwhile(dropped(rig, WORLD.acme), async () => {
    await onNode(rig, "systemctl start turnkey-certificate");
    await work();
  });
}

/** Waits until clients are served such a certificate, and gives it. */
async function serves(holds: (it: Served) => boolean, host = rig.host): Promise<Served> {
  let served: Served | undefined;
  await soon(
    async () => {
      served = await servedCertificate({ ...rig, host }).catch(() => undefined);
      return served !== undefined && holds(served);
    },
    { withinMs: 3 * MINUTES, otherwise: () => account(rig) },
  );
  if (served === undefined) throw new Error("no certificate is served");
  return served;
}
const current = () => serves(() => true);

const isForAddress = ({ names }: Served) => names === `IP Address:${NODE.public}`;

/** Waits until the node answers so. */
const answers = (path: string, status: number) =>
  soon(async () => (await statusAt(rig, path)) === status, {
    withinMs: MINUTES,
    otherwise: () => account(rig),
  });

test(
  "while its name leads nowhere it orders none, and says what is missing",
  async () => {
    await tells(
      `${NODE_NAME} leads nowhere, wanted ${NODE.public} - add the record A ${NODE_NAME} ${NODE.public}`,
    );
    const questions = [{ url: `https://${NODE.public}/readyz` }];
    const [answer] = await ask(rig.internet.client, { check: false, questions });
    expect(answer?.status).toBe(503);
    expect(JSON.parse(answer?.body ?? "")).toMatchObject({
      status: "not ready",
      checks: { certificate: { ok: false, detail: "there is no certificate yet" } },
    });
    expect(rig.world.asked()).toEqual({ accounts: 0, orders: 0 });
  },
  5 * MINUTES,
);

test(
  "an authority that is away is waited for, and then asked once",
  async () => {
    await whileAway(async () => {
      await rig.world.resolve({ [NODE_NAME]: NODE.public });
      await tells(`${ACME_NAME} cannot be reached`);
      await answers("/readyz", 503);
      await answers("/readyz?without=address", 200);
      expect(rig.world.asked()).toEqual({ accounts: 0, orders: 0 });
    });
    await serves(({ names }) => names === `DNS:${NODE_NAME}`);
    expect(rig.world.asked()).toEqual({ accounts: 1, orders: 1 });
    await answers("/readyz", 200);
  },
  10 * MINUTES,
);

test(
  "one that the authority calls due is replaced, and no relay loses a packet",
  async () => {
    const before = await current();
    const { relays, lost } = await during(rig, async () => {
      await rig.world.callDue(before.pem);
      await serves(({ serial }) => serial !== before.serial);
    });
    expect(Object.values(lost)).toEqual(["nothing", "nothing", "nothing"]);
    expect(Object.keys(relays).filter((it) => it.startsWith("turns:"))).toHaveLength(2);
    const { serial } = await current();
    expect(await servedCertificate(rig, 5349)).toMatchObject({ serial });
    expect(rig.world.asked()).toEqual({ accounts: 1, orders: 2 });
  },
  10 * MINUTES,
);

test(
  "one that is due while the authority is away is served on, and replaced once that is back",
  async () => {
    const before = await current();
    const unreached = times(await told(), `${ACME_NAME} cannot be reached`);
    await whileAway(async () => {
      await rig.world.callDue(before.pem);
      await tells(`${ACME_NAME} cannot be reached`, unreached + 1);
      expect(await current()).toEqual(before);
      await answers("/readyz", 200);
    });
    await serves(({ serial }) => serial !== before.serial);
    expect(rig.world.asked()).toEqual({ accounts: 1, orders: 3 });
  },
  10 * MINUTES,
);

test(
  "a boot while the authority is away serves what is kept, and orders nothing then or later",
  async () => {
    const kept = "served and kept";
    const before = await current();
    const asked = rig.world.asked();
    const keptBefore = times(await told(), kept);
    await whileAway(async () => {
      await rig.node.run(["sh", "-ec", BOOT_AGAIN], 3 * MINUTES);
      await serves(({ serial }) => serial === before.serial);
      await answers("/readyz", 200);
    });
    await tells(kept, keptBefore + 1);
    expect(await current()).toEqual(before);
    expect(rig.world.asked()).toEqual(asked);
  },
  10 * MINUTES,
);

test(
  "a stack without a domain gets one for its bare address, which lives six days",
  async () => {
    const byAddress = await deployment({}, "address");
    const version = await publish(rig.cloud, byAddress, rig.apiImage);
    await untilApplied(rig, version);
    const { days } = await serves(isForAddress, NODE.public);
    expect(Math.round(days)).toBe(6);
  },
  10 * MINUTES,
);
