/** The demo page in a real browser, on a network of its own, against a stack that serves it there. */
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { createHash, X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchBrowserIn } from "../support/browserIn.ts";
import { makeCheckout, type Checkout } from "../support/checkout.ts";
import { type FilteredNetwork, makeFilteredNetwork } from "../support/networkWithFilter.ts";
import { outcome, outputsOf, success } from "../support/stack.ts";
import { until } from "../support/until.ts";

const STACK = "demo";
const MINUTES = 60_000;
// Two browsers' worth of video, encoded and decoded in software.
jest.setTimeout(2 * MINUTES);

/** Rooms look for TURN/TLS on port 443, so that one cannot be another; the address is the test's own. */
const STACK_FILE = `config:
  turnkey:target: docker
  turnkey:livekit: { port: 28880, metricsPort: 28789 }
  turnkey:rtc: { tcpPort: 28881, mediaPorts: { from: 28100, to: 28200 } }
  turnkey:turn: { udpPort: 443, tlsPort: 28349 }
  turnkey:edge: { httpsPort: 443, turnPort: 28350, metricsPort: 28404 }
  turnkey:api: { port: 28890, metricsPort: 28891 }
`;

let network: FilteredNetwork;
let checkout: Checkout;
let browser: Browser | undefined;
let context: BrowserContext | undefined;
let demoUrl = "";
let room = 0;
/** What browsers complain of: errors of scripts, and what the page's policy refuses. */
const complaints: string[] = [];

const spkiHash = (pem: string) =>
  createHash("sha256")
    .update(new X509Certificate(pem).publicKey.export({ type: "spki", format: "der" }))
    .digest("base64");

beforeAll(async () => {
  network = await makeFilteredNetwork("10.28.0");
  checkout = makeCheckout();
  writeFileSync(join(checkout.folder, `Pulumi.${STACK}.yaml`), STACK_FILE);
  const up = await checkout.run("up", "--stack", STACK, "--yes", `--lan=${network.address}`);
  expect(outcome(up)).toEqual(success);
  const outputs = await outputsOf(checkout, STACK);
  demoUrl = outputs.demoUrl ?? "";
  browser = await launchBrowserIn(network.namespace, [
    "--use-fake-device-for-media-stream",
    `--ignore-certificate-errors-spki-list=${spkiHash(outputs.caCertificate)}`,
  ]);
}, 5 * MINUTES);

afterAll(async () => {
  await browser?.close();
  await checkout.run("down", "--stack", STACK, "--yes");
  checkout.remove();
  await network.remove();
}, 3 * MINUTES);

afterEach(async () => {
  await context?.close();
  expect(complaints.splice(0)).toEqual([]);
});

/** A page that watches for complaints. */
function watched(page: Page): Page {
  page.setDefaultTimeout(30_000);
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (it) => {
    if (it.type() === "error") complaints.push(it.text());
  });
  return page;
}

/** Two clicks: join, and open the second tab, which joins by itself. */
async function callEachOther(query = "", permissions: readonly string[] = []) {
  if (!browser) throw new Error("there is no browser");
  const tabs = (context = await browser.newContext({ permissions: [...permissions] }));
  const one = watched(await tabs.newPage());
  await one.goto(`${demoUrl}?room=r${++room}${query}`);
  await one.getByRole("button", { name: "Join" }).click();
  await one.getByRole("button", { name: "Leave" }).waitFor();
  const opened = tabs.waitForEvent("page");
  await one.getByRole("link", { name: "Open a second tab" }).click();
  const two = watched(await opened);
  for (const page of [one, two]) await status(page, "the other side is here");
  return { one, two };
}

const status = (page: Page, text: string) =>
  page.getByRole("status").filter({ hasText: text }).waitFor();

// Text, as only the browser knows these names; not waited for by the page, whose policy refuses text.
const FRAMES = `document.querySelector("#theirs").getVideoPlaybackQuality().totalVideoFrames`;
const CAMERA = `document.querySelector("#own").srcObject.getVideoTracks()[0].label.includes("fake")`;

/** Waits until ten more frames of the other side have been shown. */
async function seesMotion(page: Page): Promise<void> {
  const seen = Number(await page.evaluate(FRAMES));
  await until(async () => Number(await page.evaluate(FRAMES)) >= seen + 10, 30_000);
}

/** What the page says of a path's row, such as `Path`, once it says anything. */
async function told(page: Page, direction: string, row: string): Promise<string> {
  const board = page.locator(`h2:has-text("${direction}") + dl`);
  const value = board.locator(`dt:text-is("${row}") + dd`).filter({ hasText: /\S/ });
  return (await value.textContent()) ?? "";
}

/** The path that a call comes to: the browser may take another one first, and change to a better one. */
async function comesTo(page: Page, direction: string, path: string): Promise<void> {
  const arrived = async () => (await told(page, direction, "Path")) === path;
  await until(arrived, 20_000).catch(() => undefined); // what it says instead is told below
  expect(await told(page, direction, "Path")).toBe(path);
}

/**
 * Waits until the call is relayed, and tells over what. Which of the two relays of a deployment that
 * is, is nobody's promise: LiveKit leaves a client TLS alone once its first try over UDP took too long
 * (pkg/rtc/transportmanager.go), as it does on a busy machine.
 */
async function relayedOver(page: Page, direction: string): Promise<"udp" | "tls"> {
  const said = async () => /^relay over (udp|tls)\b/.exec(await told(page, direction, "Path"))?.[1];
  await until(async () => (await said()) !== undefined, 20_000).catch(() => undefined);
  const over = await said();
  expect(["udp", "tls"]).toContain(over);
  return over === "udp" ? "udp" : "tls";
}

const RELAY_URLS = { udp: "turn:", tls: "turns:" } as const;

describe("through LiveKit", () => {
  test("two tabs see each other move, and each says that it sends and receives directly", async () => {
    const { one, two } = await callEachOther();
    for (const page of [one, two]) {
      await seesMotion(page);
      await comesTo(page, "sending", "direct over udp");
      await comesTo(page, "receiving", "direct over udp");
      expect(await told(page, "sending", "Other side")).toContain(`${network.address}:28`);
      expect(await told(page, "sending", "Sent")).toMatch(/^[\d.]+ [kM]bit\/s$/);
      expect(await told(page, "sending", "Round trip")).toMatch(/^\d+ ms$/);
    }
  });

  test("with the relay alone, it says so and over what", async () => {
    const { one, two } = await callEachOther("&relay=1");
    for (const page of [one, two]) {
      await seesMotion(page);
      const over = await relayedOver(page, "sending");
      expect(await told(page, "sending", "This side")).toContain(
        `by ${RELAY_URLS[over]}${network.address}:443`,
      );
    }
  });
});

describe("from browser to browser", () => {
  test("the path is direct", async () => {
    const { one, two } = await callEachOther("&way=direct");
    for (const page of [one, two]) {
      await seesMotion(page);
      await comesTo(page, "both ways", "direct over udp");
    }
  });

  test("with the relay alone, it goes from relay to relay", async () => {
    const { one, two } = await callEachOther("&way=direct&relay=1");
    for (const page of [one, two]) {
      await seesMotion(page);
      await relayedOver(page, "both ways");
      expect(await told(page, "both ways", "Path")).toMatch(/, to the other side's relay$/);
    }
  });
});

describe("the camera", () => {
  test("takes the place of the generated picture while the call goes on", async () => {
    const { one, two } = await callEachOther("", ["camera"]);
    await one.getByLabel("The camera").check();
    await until(async () => (await one.evaluate(CAMERA)) === true, 30_000);
    await seesMotion(two);
  });

  test("that is refused is told, and the generated picture stays", async () => {
    const { one, two } = await callEachOther();
    await one.getByLabel("The camera").click();
    await one.getByRole("alert").filter({ hasText: "the camera was refused" }).waitFor();
    expect(await one.getByLabel("A generated picture").isChecked()).toBe(true);
    await seesMotion(two);
  });
});

test("one who leaves is gone for the other, who stays", async () => {
  const { one, two } = await callEachOther();
  await two.getByRole("button", { name: "Leave" }).click();
  await status(one, "the other side left");
  await two.getByRole("button", { name: "Join" }).click();
  await status(one, "the other side is here");
  await seesMotion(one);
});

describe("with nothing but TCP to port 443", () => {
  beforeAll(() => network.onlyTcpTo(443));

  test("a call through LiveKit connects, over the relay by TLS", async () => {
    const { one, two } = await callEachOther();
    for (const page of [one, two]) {
      await seesMotion(page);
      await comesTo(page, "sending", "relay over tls");
      await comesTo(page, "receiving", "relay over tls");
      expect(await told(page, "sending", "This side")).toContain(`turns:${network.address}:443`);
    }
  });

  test("a call from browser to browser connects, from relay to relay", async () => {
    const { one, two } = await callEachOther("&way=direct");
    for (const page of [one, two]) {
      await seesMotion(page);
      expect(await told(page, "both ways", "Path")).toMatch(/^relay over tls/);
    }
  });
});
