/** The diagnostics page in a real browser, where a run asks for a bearer token. */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { writeBundle } from "../../api/bundle.ts";
import { readPage } from "../../api/page.ts";
import { diagnosticsOf } from "../../api/routes/diagnosticsPage.ts";
import { ownIceSources, ownTurn, signedIn, testApi } from "../support/api.ts";
import { launchBrowser } from "../support/browser.ts";
import { openPage } from "../support/diagnosticsPage.ts";
import { portOf } from "../support/portOf.ts";

jest.setTimeout(120_000);

let folder: string;
let browser: Browser | undefined;
/** Take what comes and never answer, so that a run lasts until it is cancelled. */
let [overUdp, overTcp]: [Socket?, Server?] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "turnkey-diagnostics-"));
  browser = await launchBrowser();
});
afterEach(async () => {
  await browser?.close();
  overUdp?.close();
  overTcp?.close();
  rmSync(folder, { recursive: true });
});

/** What a stack hands out whose servers say nothing. */
async function silentStack() {
  overUdp = createSocket("udp4").bind(0, "127.0.0.1");
  // The end of a browser that is killed may be a reset.
  overTcp = createServer((it) => void it.resume().on("error", () => it.destroy()));
  overTcp.listen(0, "127.0.0.1");
  await Promise.all([once(overUdp, "listening"), once(overTcp, "listening")]);
  const udp = `127.0.0.1:${overUdp.address().port}`;
  const tcp = `127.0.0.1:${portOf(overTcp)}`;
  const iceUrls = [`stun:${udp}`, `turn:${udp}?transport=udp`, `turns:${tcp}?transport=tcp`];
  return { iceSources: ownIceSources({ ...ownTurn, iceUrls }), livekitUrl: `ws://${tcp}` };
}

// Text, as only the browser knows these names.
const MISSING = `document.querySelector("#token").validity.valueMissing`;
const KEPT = `localStorage.length + sessionStorage.length + document.cookie.length`;

test("it runs with a token that the API takes, keeps it nowhere, and tells of any other", async () => {
  if (!browser) throw new Error("there is no browser");
  const { path } = await writeBundle("diagnosticsPage", folder);
  // This process is the API's as well, and may be slow where other suites keep the machine busy.
  const pressure = { maxLatenessMs: 60_000 };
  const diagnostics = diagnosticsOf(readPage(path), "token");
  const { app } = testApi({ diagnostics, ...(await silentStack()) }, { pressure });
  try {
    const address = await app.listen({ host: "127.0.0.1", port: 0 });
    const { page } = await openPage(browser, `${address}/diagnostics`);
    const field = page.getByLabel("Token for the sign-in");
    const button = page.getByRole("button", { name: /^Run/ });
    await button.click();
    expect(await page.evaluate(MISSING)).toBe(true);
    await field.fill("another");
    await button.click();
    await page.getByRole("alert").filter({ hasText: "enter a token that is valid now" }).waitFor();
    await field.fill((await signedIn("ann")).authorization.replace("Bearer ", ""));
    await button.click();
    await page
      .getByRole("listitem")
      .filter({ hasText: /^Ask the server done$/ })
      .waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("status").filter({ hasText: "Cancelled." }).waitFor();
    expect(await page.evaluate(KEPT)).toBe(0);
  } finally {
    await app.close();
  }
});
