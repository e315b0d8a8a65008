/** A node replaced as `pulumi up` replaces one: another boots beside it, gets the stack's address, and it goes. */
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { signApiToken } from "../../turn/apiToken.ts";
import type { TurnCredential } from "../../turn/engine.ts";
import { inNamespace } from "../support/networkTools.ts";
import { ask } from "../support/node/ask.ts";
import { account, untilApplied } from "../support/node/booted.ts";
import { type LiveRelays, relayUrls, startLiveRelays } from "../support/node/liveRelays.ts";
import type { NodeMachine } from "../support/node/machine.ts";
import { nodeProgram } from "../support/node/nodeProgram.ts";
import { CLIENT, NETWORK, NODE, SECOND } from "../support/node/places.ts";
import { type Rig, startRig } from "../support/node/rig.ts";
import { soon } from "../support/node/soon.ts";
import { PhoneReport, type PhoneTask } from "../support/phone.ts";
import { awsValues } from "../support/plans.ts";
import { credentialOf } from "../support/relayStream.ts";

const SECONDS = 1_000;
const MINUTES = 60 * SECONDS;

let rig: Rig;
let second: NodeMachine;
/** One credential all the time: a client asks for none because a node is replaced. */
let credential: TurnCredential;
beforeAll(async () => {
  rig = await startRig();
  await untilApplied(rig);
  credential = credentialOf(rig.deployed.outputs, "a-client");
}, 15 * MINUTES);
afterAll(() => rig.remove(), 2 * MINUTES);

/** What a unit logged on a node. */
const said = (node: NodeMachine, unit: string): Promise<string> =>
  node.run(["journalctl", "--output=cat", `--unit=${unit}.service`], 20 * SECONDS);
const untilSaid = (node: NodeMachine, unit: string, text: string): Promise<void> =>
  soon(async () => (await said(node, unit)).includes(text), {
    withinMs: 3 * MINUTES,
    otherwise: () => account({ node }),
  });
const NOT_YET = `waiting: ${NODE.public} is not this node's yet`;

/** Stops them, and tells what each has lost. */
const lostBy = async (relays: LiveRelays) =>
  Object.fromEntries(
    Object.entries(await relays.stop()).map(([url, { sent, received, ended }]) => [
      url,
      ended ?? (sent === received && sent > 0 ? "nothing" : sent - received),
    ]),
  );
const of = (what: string) => Object.fromEntries(relayUrls(rig).map((it) => [it, what]));

/** What a client meets that has the stack's name: its API, and a relay by every URL of it. */
async function call(): Promise<PhoneReport> {
  const task: PhoneTask = {
    address: CLIENT.address,
    origin: `https://${rig.host}`,
    ca: await rig.trusted(),
    token: await signApiToken(awsValues.api.signIn.secret, {
      subject: "alice",
      ttlSeconds: 60,
      now: new Date(),
    }),
    forbidden: [NETWORK.metadata],
    closed: [],
  };
  const program = join(import.meta.dirname, "..", "support", "phoneMain.ts");
  const command = nodeProgram(program, JSON.stringify(task));
  return PhoneReport.parse(JSON.parse(await inNamespace(rig.internet.client, ...command)));
}

test(
  "the second is ready at its own address while the first one serves: no packet is lost",
  async () => {
    const live = await startLiveRelays(rig, { credential });
    const ordered = rig.world.ordered();
    second = await rig.switchOnSecond();
    // By the certificate that the first one kept, as it has not got the address to order one.
    await untilApplied({ node: second, document: rig.document });
    const questions = [{ url: `https://${SECOND.public}/readyz?without=address` }];
    const [ready] = await ask(rig.internet.client, { check: false, questions });
    expect(ready?.status).toBe(200);
    expect(rig.world.ordered()).toBe(ordered);
    await untilSaid(second, "turnkey-certificate", NOT_YET);
    await untilSaid(second, "turnkey-proof", NOT_YET);
    expect(await lostBy(live)).toEqual(of("nothing"));
  },
  10 * MINUTES,
);

test(
  "once the address moved, its relays are lost, and new ones are had by the same URLs and credential",
  async () => {
    const live = await startLiveRelays(rig, { credential });
    const ordered = rig.world.ordered();
    expect(await said(rig.node, "turnkey-proof")).not.toContain(NOT_YET);
    await rig.moveAddress();
    const begun = performance.now();
    const again = await startLiveRelays(rig, { credential });
    expect(performance.now() - begun).toBeLessThan(30 * SECONDS);
    const after = await live.counted();
    await sleep(3 * SECONDS);
    for (const [url, { received }] of Object.entries(await live.stop()))
      expect([url, received]).toEqual([url, after[url]?.received]);
    const { relays } = await call();
    expect(Object.keys(relays)).toEqual(relayUrls(rig));
    for (const { relay } of Object.values(relays)) expect(relay).toBe(NODE.public);
    expect(await lostBy(again)).toEqual(of("nothing"));
    expect(rig.world.ordered()).toBe(ordered);
  },
  5 * MINUTES,
);

test(
  "the first publishes no metrics any more, and the second does",
  async () => {
    await untilSaid(rig.node, "turnkey-proof", NOT_YET);
    await untilSaid(second, "turnkey-proof", '"what": "publishing", "problem": null');
  },
  5 * MINUTES,
);

test(
  "the first one is switched off, and nobody misses it",
  async () => {
    const held = await startLiveRelays(rig, { credential });
    await rig.node.switchOff();
    const { health } = await call();
    expect(health).toBe(200);
    expect(await lostBy(held)).toEqual(of("nothing"));
  },
  3 * MINUTES,
);
