/**
 * Calls past the life of their TURN credential, in a real browser, with a control. LiveKit looks at the
 * expiry of a credential at Allocate alone, so only a call that has to allocate anew tells anything: the
 * browser's machine gets another address.
 */
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { createHash, X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { signApiToken } from "../../turn/apiToken.ts";
import { launchBrowserIn } from "../support/browserIn.ts";
import { type Checkout, makeCheckout } from "../support/checkout.ts";
import { type IcePage, openIcePages } from "../support/iceCalls.ts";
import type { IceCall } from "../support/icePage/states.ts";
import { moveWithin } from "../support/iceNetwork.ts";
import { type FilteredNetwork, makeFilteredNetwork } from "../support/networkWithFilter.ts";
import { outcome, outputsOf, success } from "../support/stack.ts";
import { until } from "../support/until.ts";

const STACK = "ice";
const MINUTES = 60_000;
jest.setTimeout(5 * MINUTES);

/** The shortest life there is. */
const TTL_SECONDS = 60;
/** LiveKit's answer to an Allocate with a credential that has ended (pkg/service/turn.go, measured). */
const EXPIRED = 400;
const STACK_FILE = `config:
  turnkey:target: docker
  turnkey:livekit: { port: 11880, metricsPort: 11789 }
  turnkey:rtc: { tcpPort: 11881, mediaPorts: { from: 11100, to: 11200 } }
  turnkey:turn: { udpPort: 11443, tlsPort: 11349, credentialTtlSeconds: ${TTL_SECONDS} }
  turnkey:edge: { httpsPort: 11444, turnPort: 11350, metricsPort: 11404 }
  turnkey:api: { port: 11890, metricsPort: 11891 }
`;

let network: FilteredNetwork;
let checkout: Checkout;
let browser: Browser | undefined;
let pages: [IcePage, IcePage];
/** Name of the call without keepFresh. */
let control: string;

const spkiHash = (pem: string) =>
  createHash("sha256")
    .update(new X509Certificate(pem).publicKey.export({ type: "spki", format: "der" }))
    .digest("base64");

const callStates = (name: string) => Promise.all(pages.map((it) => it.callState(name)));
const roomStates = () => Promise.all(pages.map((it) => it.roomState("room")));
const heardOf = (states: readonly { heard: number }[]) => states.map(({ heard }) => heard);

/** Waits until both sides have heard ten times more of each other. */
async function goesOn(states: () => Promise<{ heard: number }[]>): Promise<void> {
  const before = heardOf(await states());
  const more = async () => heardOf(await states()).every((it, i) => it >= (before[i] ?? 0) + 10);
  await until(more, 2 * MINUTES);
}

beforeAll(async () => {
  network = await makeFilteredNetwork("10.11.0");
  checkout = makeCheckout();
  writeFileSync(join(checkout.folder, `Pulumi.${STACK}.yaml`), STACK_FILE);
  const lan = `--lan=${network.address}`;
  const up = await checkout.run("up", "--stack", STACK, "--yes", "--no-verify", lan);
  expect(outcome(up)).toEqual(success);
  const { apiUrl, apiJwtSecret, caCertificate } = await outputsOf(checkout, STACK);
  browser = await launchBrowserIn(network.namespace, [
    `--ignore-certificate-errors-spki-list=${spkiHash(caCertificate)}`,
  ]);
  pages = await openIcePages(browser, apiUrl);

  // A user each, as users may hold so many allocations and no more.
  const call = async (name: string, side: number, kept: boolean) => ({
    name,
    url: `${apiUrl}/api/livekit/ice-config`,
    token: await signApiToken(apiJwtSecret ?? "", {
      subject: `${name}-${side}`,
      ttlSeconds: 600,
      now: new Date(),
    }),
    polite: side === 0,
    kept,
  });
  await Promise.all(
    pages.map(async (page, side) => {
      await page.dial(await call("kept", side, true));
      await page.enter(await call("room", side, true), `${apiUrl}/api/livekit/token`);
    }),
  );
  control = await dialControl((name, side) => call(name, side, false));
}, 5 * MINUTES);

/** Nothing restarts the control's ICE, as that is what it is for: where its first try fails it is dialled anew, twice at most. Gives its name. */
async function dialControl(
  call: (name: string, side: number) => Promise<IceCall>,
  tries = 3,
): Promise<string> {
  const name = `control-${tries}`;
  await Promise.all(pages.map(async (page, side) => page.dial(await call(name, side))));
  const isHeard = async () => heardOf(await callStates(name)).every((it) => it > 0);
  const isThere = await until(isHeard, 30_000).catch(() => false);
  return isThere || tries === 1 ? name : dialControl(call, tries - 1);
}

afterAll(async () => {
  await browser?.close();
  await checkout.run("down", "--stack", STACK, "--yes");
  checkout.remove();
  await network.remove();
}, 3 * MINUTES);

test("two calls and a room run over the relay alone", async () => {
  await Promise.all([
    goesOn(() => callStates("kept")),
    goesOn(() => callStates(control)),
    goesOn(roomStates),
  ]);
});

test("keepFresh has ICE restarted before the credential ends, and the call goes on", async () => {
  const before = await callStates("kept");
  // One restart serves both sides where both had their new credentials by then.
  const restarted = async () => {
    const now = await callStates("kept");
    const had = before.flatMap(({ usernames }) => usernames);
    const have = now.flatMap(({ usernames }) => usernames);
    const renewed = have.length === had.length && !have.some((it) => had.includes(it));
    return renewed && now.some(({ restartedAt }) => restartedAt !== undefined);
  };
  await until(restarted, 2 * MINUTES);
  await goesOn(() => callStates("kept"));
  const after = await callStates("kept");
  const restarts = after.flatMap(({ restartedAt }) => restartedAt ?? []);
  expect(Math.min(...restarts)).toBeLessThan(Math.min(...before.map((it) => it.expiresAt)));
  expect(after.map((it) => it.failures)).toEqual([0, 0]);
});

test("a call whose credential has ended goes on as long as its path does", async () => {
  const ends = Math.max(...(await callStates(control)).map((it) => it.expiresAt));
  await sleep(Math.max(0, ends + 1_000 - Date.now()));
  await goesOn(() => callStates(control));
  expect((await callStates(control)).map((it) => it.failures)).toEqual([0, 0]);
});

test("with another address the call that is kept and the room come back, and the other call does not", async () => {
  const before = await roomStates();
  await moveWithin(network);
  const refused = async () =>
    (await callStates(control)).every((it) => it.failures > 0 && it.refusals.includes(EXPIRED));
  const back = async () =>
    (await roomStates()).every(({ connection, usernames }, side) => {
      const old = before[side]?.usernames ?? [];
      return connection === "connected" && !usernames.some((it) => old.includes(it));
    });
  await until(refused, 2 * MINUTES);
  const lost = heardOf(await callStates(control));
  await goesOn(() => callStates("kept"));
  await until(back, 2 * MINUTES);
  await goesOn(roomStates);

  const controls = await callStates(control);
  expect(heardOf(controls)).toEqual(lost);
  expect(controls.map((it) => it.connection)).not.toContain("connected");
  expect((await callStates("kept")).flatMap((it) => it.refusals)).not.toContain(EXPIRED);
});
