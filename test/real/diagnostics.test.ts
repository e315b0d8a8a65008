/** The diagnostics page in a real browser, on a network of its own, whose obstacles it is to name. */
import { createHash, X509Certificate } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { DiagnosticsSession } from "../../api/routes/diagnosticsSession.ts";
import { launchBrowserIn } from "../support/browserIn.ts";
import { type Checkout, makeCheckout } from "../support/checkout.ts";
import {
  gave,
  measuredValue,
  openPage,
  type OpenedPage,
  runCheck,
  said,
  seriousViolations,
  titles,
  titlesButSpeed,
  verdict,
  verdictOfSpeed,
  widthOf,
} from "../support/diagnosticsPage.ts";
import { type InspectingProxy, startInspectingProxy } from "../support/inspectingProxy.ts";
import { type FilteredNetwork, makeFilteredNetwork } from "../support/networkWithFilter.ts";
import { clearWay, obstruct } from "../support/obstacles.ts";
import { type Screenshot, screenshots } from "../support/screenshots.ts";
import { outcome, outputsOf, success } from "../support/stack.ts";
import { until } from "../support/until.ts";

const STACK = "diag";
const MINUTES = 60_000;
jest.setTimeout(4 * MINUTES);

const TLS_PORT = 13_349;
/** Rooms look for TURN/TLS on port 443, so that one cannot be another; the address is the test's own. */
const STACK_FILE = `config:
  turnkey:target: docker
  turnkey:livekit: { port: 13880, metricsPort: 13789 }
  turnkey:rtc: { tcpPort: 13881, mediaPorts: { from: 13100, to: 13200 } }
  turnkey:turn: { udpPort: 443, tlsPort: ${TLS_PORT} }
  turnkey:edge: { httpsPort: 443, turnPort: 13350, metricsPort: 13404 }
  turnkey:api: { port: 13890, metricsPort: 13891 }
`;

let network: FilteredNetwork;
/** For the end: undefined where the set-up did not come so far. */
let [made, checkout]: [FilteredNetwork?, Checkout?] = [];
let browser: Browser | undefined;
let url = "";
/** Their certificates: the browser takes the first, as one does whose company installed its CA. */
let [trusted, untrusted]: InspectingProxy[] = [];
let opened: OpenedPage | undefined;

// Text, as only the browser knows these names: what the role "status" beside the buttons says, in turn.
const HEAR_COPIED = `
  globalThis.heard = [];
  new MutationObserver(() => heard.push(document.querySelector("#copied").textContent))
    .observe(document.querySelector("#copied"), { childList: true });
`;

const spkiHash = (pem: string) =>
  createHash("sha256")
    .update(new X509Certificate(pem).publicKey.export({ type: "spki", format: "der" }))
    .digest("base64");

beforeAll(async () => {
  network = await makeFilteredNetwork("10.27.0");
  made = network;
  checkout = makeCheckout();
  writeFileSync(join(checkout.folder, `Pulumi.${STACK}.yaml`), STACK_FILE);
  // The runs below are the proof; those of `verify` have limits that a busy machine exceeds.
  const lan = `--lan=${network.address}`;
  const up = await checkout.run("up", "--stack", STACK, "--yes", "--no-verify", lan);
  expect(outcome(up)).toEqual(success);
  const outputs = await outputsOf(checkout, STACK);
  url = outputs.diagnosticsUrl ?? "";
  const behind = { port: 443, ca: outputs.caCertificate };
  trusted = await startInspectingProxy(network.address, behind);
  untrusted = await startInspectingProxy(network.address, behind);
  const known = [outputs.caCertificate, trusted.certificate].map(spkiHash).join(",");
  browser = await launchBrowserIn(network.namespace, [
    `--ignore-certificate-errors-spki-list=${known}`,
  ]);
}, 10 * MINUTES);

afterAll(async () => {
  await browser?.close();
  trusted?.close();
  untrusted?.close();
  await checkout?.run("down", "--stack", STACK, "--yes");
  checkout?.remove();
  await made?.remove();
}, 5 * MINUTES);

afterEach(async () => {
  await opened?.context.close();
});

async function open(options: Parameters<typeof openPage>[2] = {}) {
  if (!browser) throw new Error("there is no browser");
  opened = await openPage(browser, url, options);
  return opened;
}

/** Takes a picture for the documentation, when it is asked for. */
async function picture({ page }: OpenedPage, { file, width, height, colorScheme }: Screenshot) {
  if (process.env["UPDATE_SCREENSHOTS"] !== "1") return;
  mkdirSync(dirname(file), { recursive: true });
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize({ width, height });
  await page.evaluate("document.activeElement.blur(), scrollTo(0, 0)");
  await page.screenshot({ path: file });
}

/** All of the file, or as much as a busy machine carries in the time a run takes for it. */
const CAME_INTACT =
  /^(?!0\.0)[\d.]+ MB (?:of 5\.0 MB came across|came across whole) in [^,]+ Mbit\/s$/;

const turn = {
  udp: () => `turn:${network.address}:443?transport=udp`,
  tls: () => `turns:${network.address}:443?transport=tcp`,
  spare: () => `turns:${network.address}:${TLS_PORT}?transport=tcp`,
};

describe("with nothing in the way", () => {
  test("one click tells that all is well, with what was measured, and asks nobody else", async () => {
    const it = await open();
    const { page } = it;
    expect(await runCheck(page)).toBe(await verdictOfSpeed(page));
    expect(await titlesButSpeed(page)).toEqual([
      "Fine UDP gets through",
      "Fine TURN over TLS gets through",
      "Fine The relay carries data",
      "Fine A LiveKit room works through the relay",
      "Fine LiveKit is reached directly",
    ]);
    expect(await gave(page, `stun:${network.address}:443`)).toMatch(/^your public address after/);
    for (const server of Object.values(turn))
      expect(await gave(page, server())).toMatch(/^a relay address after [\d.]+ m?s$/);
    const file = "A file over the relay";
    expect(await measuredValue(page, file, "File")).toMatch(CAME_INTACT);
    expect(await measuredValue(page, file, "Path")).toMatch(/^relay over (udp|tls), to the other/);
    expect(await measuredValue(page, file, "Small packets")).toMatch(/^\d+ of \d+ lost/);
    expect(await measuredValue(page, file, "To the relay and back")).toMatch(/^[\d.]+ m?s; 95 of/);
    for (const [room, path] of [
      // Which of the two relays of a deployment LiveKit takes is nobody's promise.
      ["A LiveKit room over the relay", /^relay over (udp|tls)$/],
      ["A LiveKit room by any path", /^direct over udp$/],
    ] as const)
      expect(await measuredValue(page, room, "Path")).toMatch(path);
    await picture(it, screenshots.well);

    expect(it.complaints).toEqual([]);
    const hosts = it.asked
      .filter((one) => !one.startsWith("data:"))
      .map((one) => new URL(one).host);
    expect(new Set(hosts)).toEqual(new Set([network.address]));
  });

  test("the report is copied as text and as JSON, without anything that lets somebody in", async () => {
    const { page } = await open({ permissions: ["clipboard-read", "clipboard-write"] });
    const answered = page.waitForResponse((it) => it.url().endsWith("/diagnostics/session"));
    const running = runCheck(page);
    const session = DiagnosticsSession.parse(await (await answered).json());
    await running;
    await page.evaluate(HEAR_COPIED);
    const clipboard = async () => String(await page.evaluate("navigator.clipboard.readText()"));
    const copied = async (button: string) => {
      const before = await clipboard();
      await page.getByRole("button", { name: button }).click();
      const differs = async () => [await clipboard()].find((it) => it !== before);
      const text = await until(differs, MINUTES);
      await page.getByText("Copied.").waitFor();
      return text;
    };
    const text = await copied("Copy as text");
    expect(text).toBe(await page.getByLabel("The report as text").inputValue());
    expect(text).toContain(await verdictOfSpeed(page));
    expect(text).toContain(`srflx, your own address: ${network.address.replace(/1$/, "2")}:`);
    const json = await copied("Copy as JSON");
    await page.waitForFunction("heard.length >= 3");
    expect(await page.evaluate("heard")).toEqual(["Copied.", "", "Copied."]);
    expect(JSON.parse(json)).toMatchObject({
      verdict: expect.stringMatching(/^(?:well|limited)$/),
      relay: { state: "done", result: { transfer: { bytes: 5_000_000, intact: true } } },
    });
    const { username = "", credential = "" } = session.ice.iceServers.at(-1) ?? {};
    for (const secret of [username, credential, session.livekit.participant_token]) {
      expect(secret).not.toBe("");
      expect(`${text}${json}`).not.toContain(secret);
    }
  });

  test("the keyboard alone runs it, cancels it, runs it again and reaches the report", async () => {
    const { page, complaints } = await open();
    const focused = (name: string) => page.locator(`:focus:has-text("${name}")`).waitFor();
    await page.keyboard.press("Tab");
    await focused("Run the check");
    await page.keyboard.press("Enter");
    await focused("Cancel");
    await page.keyboard.press("Enter");
    await page.getByRole("status").filter({ hasText: "Cancelled." }).waitFor();
    await focused("Run it again");
    expect(await page.getByRole("heading", { name: "Progress" }).isVisible()).toBe(false);
    await page.keyboard.press("Space");
    await verdict(page);
    await page.locator("#verdict:focus").waitFor();
    expect(await page.locator("#verdict").textContent()).toBe(await verdictOfSpeed(page));
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus").getAttribute("id")).toBe("report");
    await page.keyboard.press("Tab");
    await focused("Copy as text");
    expect(complaints).toEqual([]);
  });

  test("axe-core finds nothing serious, and a phone need not scroll sideways, at any stage", async () => {
    const { page } = await open({ viewport: { width: 360, height: 780 } });
    const look = async () => ({ axe: await seriousViolations(page), width: await widthOf(page) });
    const fine = { axe: [], width: 360 };
    expect(await look()).toEqual(fine);
    await page.getByRole("button", { name: "Run the check" }).click();
    await page.getByRole("heading", { name: "Progress" }).waitFor();
    expect(await look()).toEqual(fine);
    await verdict(page);
    expect(await look()).toEqual(fine);
    expect(await page.getByRole("columnheader").allInnerTexts()).toEqual(["Address", "Gave"]);
    expect(await page.getByRole("rowheader").count()).toBe(4);
  });
});

describe("with obstacles", () => {
  afterEach(() => clearWay(network.namespace));

  test("UDP that is dropped is named, and the call goes by TLS", async () => {
    await obstruct(network.namespace, { noUdpFrom: network.address });
    const it = await open({ viewport: { width: 360, height: 780 } });
    const { page } = it;
    expect(await runCheck(page)).toBe("This network can call, but something is in the way.");
    expect((await titles(page))[0]).toBe("In the way UDP is blocked");
    expect(await said(page, "UDP is blocked")).toContain(
      `What to do: Ask whoever runs the network to allow UDP to ${network.address}:443`,
    );
    expect(await gave(page, turn.udp())).toMatch(/^no answer within/);
    expect(await gave(page, turn.tls())).toMatch(/^a relay address/);
    expect(await measuredValue(page, "A file over the relay", "File")).toMatch(CAME_INTACT);
    for (const heading of ["A file over the relay", "A LiveKit room over the relay"])
      expect(await measuredValue(page, heading, "Path")).toMatch(/^relay over tls/);
    expect(await widthOf(page)).toBe(360);
    expect(it.complaints).toEqual([]);
    await picture(it, screenshots.phone);
  });

  test("TLS that a proxy opens is named, by what passes for pages and not for TURN", async () => {
    const redirect = [{ address: network.address, from: 443, to: trusted?.port ?? 0 }];
    await obstruct(network.namespace, { redirect });
    const { page } = await open();
    expect(await runCheck(page)).toBe("This network can call, but something is in the way.");
    const found = await titles(page);
    expect(found).toContain("In the way TLS is intercepted");
    expect(found).toContain("Fine UDP gets through");
    expect(await said(page, "TLS is intercepted")).toContain(
      `exempt ${network.address}:443 from TLS inspection`,
    );
    expect(trusted?.seen.web).toBeGreaterThan(0);
    expect(trusted?.seen.other).toBeGreaterThan(0);
  });

  test("a certificate that is not the server's is named as one of what it may be", async () => {
    const redirect = [{ address: network.address, from: TLS_PORT, to: untrusted?.port ?? 0 }];
    await obstruct(network.namespace, { redirect });
    const { page } = await open();
    await runCheck(page);
    const title = "TURN over TLS is refused, or its certificate is not trusted";
    expect(await titles(page)).toContain(`Good to know ${title}`);
    expect(await said(page, title)).toContain(`${network.address}:443 does the same and works`);
    expect(await gave(page, turn.spare())).toMatch(/^connection broken off after .* \(701\)$/);
    expect(untrusted?.seen).toEqual({ web: 0, other: 0 });
  });

  test("no way at all to the relay is told first", async () => {
    const redirect = [443, TLS_PORT].map((from) => ({
      address: network.address,
      from,
      to: trusted?.port ?? 0,
    }));
    await obstruct(network.namespace, { redirect, noUdpFrom: network.address });
    const { page } = await open();
    expect(await runCheck(page)).toBe("Calls fail on this network, or some of them do.");
    const found = await titles(page);
    expect(found).toContain("Stops calls No relay can be reached");
    expect(found).toContain("In the way UDP is blocked");
    expect(found).toContain("In the way TLS is intercepted");
  });
});
