/** Calls of real browsers over the relay alone, with UDP and without, and what they take of the relay. */
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import type { CandidateKind } from "../../client/pages/path.ts";
import {
  callDirectly,
  callFlags,
  type CallPage,
  hangUpAll,
  openCallPages,
  type Pair,
  pathsOnce,
  PATIENCE_MS,
} from "../support/browserCall.ts";
import { launchBrowserIn } from "../support/browserIn.ts";
import { makeCheckout, type Checkout } from "../support/checkout.ts";
import { type FilteredNetwork, makeFilteredNetwork } from "../support/networkWithFilter.ts";
import { allocationsIn } from "../support/relayAllocations.ts";
import { inNamespace, ip } from "../support/networkTools.ts";
import { outcome, outputsOf, success } from "../support/stack.ts";
import { until } from "../support/until.ts";

const STACK = "paths";
const ON_STACK = ["--stack", STACK, "--yes"];
const MINUTES = 60_000;
const FILE_BYTES = 5_000_000;
/** Apart from most of the media ports, so that few of LiveKit's own sockets are in it. */
const RELAY_PORTS = { from: 12_300, to: 12_399 };
/** Of the second interface. */
const SECOND = "10.12.9";
jest.setTimeout(3 * MINUTES);

/** Rooms look for TURN/TLS on port 443, so that one cannot be another; the address is the test's own. */
const STACK_FILE = `config:
  turnkey:target: docker
  turnkey:livekit: { port: 12080, metricsPort: 12089 }
  turnkey:rtc: { tcpPort: 12081, mediaPorts: { from: 12100, to: ${RELAY_PORTS.to} } }
  turnkey:turn: { udpPort: 443, tlsPort: 12049, relayPorts: ${JSON.stringify(RELAY_PORTS)} }
  turnkey:edge: { httpsPort: 443, turnPort: 12050, metricsPort: 12004 }
  turnkey:api: { port: 12090, metricsPort: 12091 }
`;

let network: FilteredNetwork;
let checkout: Checkout;
let demoUrl = "";
let flags: readonly string[] = [];
let browser: Browser | undefined;
let pages: Pair;
const complaints: string[] = [];

beforeAll(async () => {
  network = await makeFilteredNetwork("10.12.0");
  checkout = makeCheckout();
  writeFileSync(join(checkout.folder, `Pulumi.${STACK}.yaml`), STACK_FILE);
  // The calls below are the proof; those of `verify` have limits that a busy machine exceeds.
  const up = await checkout.run("up", ...ON_STACK, "--no-verify", `--lan=${network.address}`);
  expect(outcome(up)).toEqual(success);
  const outputs = await outputsOf(checkout, STACK);
  demoUrl = outputs.demoUrl ?? "";
  flags = callFlags(outputs.caCertificate);
  browser = await launchBrowserIn(network.namespace, flags);
  pages = await openCallPages({ browsers: [browser, browser], url: demoUrl, complaints });
}, 10 * MINUTES);

afterAll(async () => {
  await browser?.close();
  await checkout.run("down", ...ON_STACK);
  checkout.remove();
  await network.remove();
}, 5 * MINUTES);

afterEach(async () => {
  await hangUpAll(pages);
  expect(complaints.splice(0)).toEqual([]);
});

/** A page's URL of the relay it uses; which of them, over UDP, is the browser's choice. */
const anyRelay = expect.stringMatching(/^turns?:/);
const tlsRelay = () => `turns:${network.address}:443?transport=tcp`;

/**
 * Expects each page's path to lead from its relay, by that URL, to an address of that kind. An address
 * counts as learnt on the way until the other side's word of it comes.
 */
async function relayed(url: unknown, to: CandidateKind): Promise<void> {
  for (const page of pages) {
    const paths = await pathsOnce(
      page,
      (all) => all.length > 0 && all.every(({ remote }) => remote.kind === to),
    );
    expect(paths.map(({ local, remote }) => [local.kind, local.url, remote.kind])).toEqual(
      paths.map(() => ["relay", url, to]),
    );
    expect(paths).not.toEqual([]);
  }
}

const allocations = () => allocationsIn(RELAY_PORTS);

const become = async (count: number) => {
  await until(() => allocations() === count, PATIENCE_MS).catch(() => undefined); // told below
  expect(allocations()).toBe(count);
};

/** All that a call may carry. */
const WHOLE_CALL = { relay: "only", media: true, data: true } as const;

/** Calls somebody who does not answer; gives how many allocations that takes. */
const ring = async (page: CallPage, bundlePolicy: "balanced" | "max-bundle") => {
  await page.openPeer(0, { ...WHOLE_CALL, bundlePolicy });
  await page.offer();
  await page.gathered();
  return allocations();
};

const mediaArrives = () => Promise.all(pages.map((it) => it.getsMedia()));

async function sendsFile(url: unknown): Promise<void> {
  await callDirectly(pages, { relay: "only", data: true });
  const sent = await pages[0].sendFile(FILE_BYTES);
  expect(sent.bytes).toBe(FILE_BYTES);
  expect(await pages[1].receivedFile()).toEqual(sent);
  await relayed(url, "relay");
}

async function callsDirectly(url: unknown): Promise<void> {
  await callDirectly(pages, { relay: "only", media: true });
  await mediaArrives();
  await relayed(url, "relay");
}

/** The server is at the other end of a room's paths. */
async function meetsInRoom(relay: "allowed" | "only", url: unknown): Promise<void> {
  await Promise.all(pages.map((it) => it.joinRoom(relay)));
  await mediaArrives();
  await relayed(url, "host");
}

describe("over the relay alone", () => {
  test("a file of 5 MB goes from browser to browser unchanged", () => sendsFile(anyRelay));

  test("sound and picture go from browser to browser, both ways", () => callsDirectly(anyRelay));

  test("sound and picture go through a LiveKit room, both ways", () =>
    meetsInRoom("only", anyRelay));
});

describe("a browser's allocations on the relay", () => {
  test("are three while it rings, one by each URL, when all goes over one transport", async () => {
    await become(0);
    expect(await ring(pages[0], "max-bundle")).toBe(3);
  });

  test("are nine by default: sound, picture and data each have three until the other side bundles them", async () => {
    await become(0);
    expect(await ring(pages[0], "balanced")).toBe(9);
  });

  test("are at most three once the call is there, and none when it is over", async () => {
    await become(0);
    await callDirectly(pages, WHOLE_CALL);
    await mediaArrives();
    await until(() => allocations() <= 6, PATIENCE_MS);
    expect(allocations()).toBeGreaterThanOrEqual(2);
    await hangUpAll(pages);
    await become(0);
  });

  test("grow by an ICE restart, which keeps the old ones for a while", async () => {
    await become(0);
    await callDirectly(pages, { ...WHOLE_CALL, bundlePolicy: "max-bundle" });
    await mediaArrives();
    const before = allocations();
    await pages[0].offer();
    await until(() => allocations() > before, PATIENCE_MS);
    expect(allocations()).toBeLessThanOrEqual(12);
  });

  test("are at most two in a LiveKit room, which offers two URLs", async () => {
    await become(0);
    await meetsInRoom("only", anyRelay);
    const ofServer = (await Promise.all(pages.map((it) => it.statistics())))
      .flat(2)
      .filter((it) => it["type"] === "remote-candidate")
      .map((it) => Number(it["port"]));
    const count = allocationsIn(RELAY_PORTS, ofServer);
    expect(count).toBeGreaterThanOrEqual(2);
    expect(count).toBeLessThanOrEqual(4);
  });
});

describe("on a machine with a second network interface", () => {
  let other: Browser | undefined;
  let there: Pair;

  beforeAll(async () => {
    const [here, name] = [`tk-${randomBytes(4).toString("hex")}`, network.namespace];
    await ip("link", "add", here, "type", "veth", "peer", "name", "second", "netns", name);
    await ip("address", "add", `${SECOND}.1/24`, "dev", here);
    await ip("link", "set", here, "up");
    for (const words of [
      ["address", "add", `${SECOND}.2/24`, "dev", "second"],
      ["link", "set", "second", "up"],
      ["route", "add", "default", "via", `${SECOND}.1`, "metric", "100"],
      // What leaves from its address leaves by it.
      ["route", "add", "default", "via", `${SECOND}.1`, "table", "7"],
      ["rule", "add", "from", `${SECOND}.2`, "table", "7"],
    ])
      // oxlint-disable-next-line no-await-in-loop -- each needs what is before it
      await inNamespace(name, "ip", ...words);
    other = await launchBrowserIn(network.namespace, flags);
    // Without a permission to record, a page gets the way of the default route alone.
    const permissions = ["camera"];
    there = await openCallPages({
      browsers: [other, other],
      url: demoUrl,
      complaints,
      permissions,
    });
  });

  afterAll(async () => {
    await hangUpAll(there);
    await other?.close();
    await inNamespace(network.namespace, "ip", "link", "delete", "second");
  });

  test("a page that may use the camera takes one allocation more, as UDP is tried from each", async () => {
    await become(0);
    expect(await ring(there[0], "max-bundle")).toBe(4);
  });
});

describe("with nothing but TCP to port 443", () => {
  beforeAll(() => network.onlyTcpTo(443));

  test("a file of 5 MB goes over TURN/TLS, from relay to relay", () => sendsFile(tlsRelay()));

  test("sound and picture go over TURN/TLS, from relay to relay, with one allocation a side", async () => {
    await become(0);
    await callsDirectly(tlsRelay());
    expect(allocations()).toBe(2);
  });

  test("a LiveKit room is met over TURN/TLS, without being told to take the relay", () =>
    meetsInRoom("allowed", tlsRelay()));
});
