/** Two browsers behind NATs of their own: who reaches whom directly, and who needs the relay. */
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import type { Path } from "../../client/pages/path.ts";
import {
  callDirectly,
  callFlags,
  hangUpAll,
  openCallPages,
  type Pair,
  pathsOnce,
  PATIENCE_MS,
} from "../support/browserCall.ts";
import { launchBrowserIn } from "../support/browserIn.ts";
import { makeCheckout, type Checkout } from "../support/checkout.ts";
import { type Internet, makeInternet, type NatKind } from "../support/natNetwork.ts";
import { outcome, outputsOf, success } from "../support/stack.ts";
import { until } from "../support/until.ts";

const STACK = "pathsnat";
const ON_STACK = ["--stack", STACK, "--yes"];
const MINUTES = 60_000;
const FILE_BYTES = 200_000;
jest.setTimeout(3 * MINUTES);

/** Its address is the test's own, so that its ports may be the usual ones. */
const STACK_FILE = `config:
  turnkey:target: docker
  turnkey:livekit: { port: 12580, metricsPort: 12589 }
  turnkey:rtc: { tcpPort: 12581, mediaPorts: { from: 12600, to: 12699 } }
  turnkey:turn: { udpPort: 443, tlsPort: 12549 }
  turnkey:edge: { httpsPort: 443, turnPort: 12550, metricsPort: 12504 }
  turnkey:api: { port: 12590, metricsPort: 12591 }
`;

let internet: Internet;
let checkout: Checkout;
let browsers: readonly Browser[] = [];
let pages: Pair;
const complaints: string[] = [];

beforeAll(async () => {
  internet = await makeInternet("10.12.1");
  checkout = makeCheckout();
  writeFileSync(join(checkout.folder, `Pulumi.${STACK}.yaml`), STACK_FILE);
  // The calls below are the proof; those of `verify` have limits that a busy machine exceeds.
  const up = await checkout.run("up", ...ON_STACK, "--no-verify", `--lan=${internet.address}`);
  expect(outcome(up)).toEqual(success);
  const { demoUrl: url = "", caCertificate } = await outputsOf(checkout, STACK);
  const launch = (side: 0 | 1) =>
    launchBrowserIn(internet.homes[side].namespace, callFlags(caCertificate));
  const both = (browsers = [await launch(0), await launch(1)] as const);
  pages = await openCallPages({ browsers: both, url, complaints });
}, 10 * MINUTES);

afterAll(async () => {
  await Promise.all(browsers.map((it) => it.close()));
  await checkout.run("down", ...ON_STACK);
  checkout.remove();
  await internet.remove();
}, 5 * MINUTES);

afterEach(async () => {
  await hangUpAll(pages);
  expect(complaints.splice(0)).toEqual([]);
});

async function becomeThese(one: NatKind, two: NatKind): Promise<void> {
  await Promise.all([internet.homes[0].become(one), internet.homes[1].become(two)]);
}

async function fileArrives(): Promise<void> {
  const sent = await pages[0].sendFile(FILE_BYTES);
  expect(await pages[1].receivedFile()).toEqual(sent);
}

/** What kinds of addresses a page's path leads from and to. */
const kinds = (paths: readonly Path[]): string[] =>
  paths.flatMap(({ local, remote }) => [local.kind, remote.kind]);

/** Neither host has an address that the other reaches: what counts is the address of its router. */
const outside = expect.stringMatching(/^(srflx|prflx)$/);

describe("it is direct", () => {
  test.each<[NatKind, NatKind]>([
    ["open", "open"],
    ["open", "port-restricted"],
    ["port-restricted", "port-restricted"],
    ["open", "symmetric"],
  ])("between %s and %s", async (...nats) => {
    await becomeThese(...nats);
    await callDirectly(pages, { relay: "allowed", data: true });
    await fileArrives();
    // The first path in use may give way to a better one.
    for (const page of pages) {
      const paths = await pathsOnce(page, (it) => it.length > 0 && !kinds(it).includes("relay"));
      expect(kinds(paths)).toEqual([outside, outside]);
    }
  });
});

describe.each<[NatKind, NatKind]>([
  ["symmetric", "port-restricted"],
  ["symmetric", "symmetric"],
])("between %s and %s", (...nats) => {
  beforeAll(() => becomeThese(...nats));

  test("there is no direct path", async () => {
    await callDirectly(pages, { relay: "none", data: true });
    for (const page of pages)
      await until(async () => (await page.states()).includes("failed"), PATIENCE_MS);
  });

  test("the relay carries sound, picture and a file", async () => {
    await callDirectly(pages, { relay: "allowed", media: true, data: true });
    await Promise.all([fileArrives(), ...pages.map((it) => it.getsMedia())]);
    for (const page of pages) expect(kinds(await page.paths())).toContain("relay");
  });
});

test("the stack's own STUN tells each browser the address of its router", async () => {
  await becomeThese("port-restricted", "symmetric");
  await callDirectly(pages, { relay: "allowed", data: true });
  await fileArrives();
  for (const [side, page] of pages.entries()) {
    const found = (await page.statistics())
      .flat()
      .filter((it) => it["type"] === "local-candidate" && it["candidateType"] === "srflx");
    expect(found).toContainEqual(
      expect.objectContaining({
        address: internet.homes[side]?.address,
        url: `stun:${internet.address}:443`,
      }),
    );
  }
});
