/** The diagnostics page in a real browser, where a run asks for a bearer token. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { writeBundle } from "../../api/bundle.ts";
import { readPage } from "../../api/page.ts";
import { diagnosticsOf } from "../../api/routes/diagnosticsPage.ts";
import { signedIn, testApi } from "../support/api.ts";
import { launchBrowser } from "../support/browser.ts";
import { openPage } from "../support/diagnosticsPage.ts";

jest.setTimeout(120_000);

let folder: string;
let browser: Browser;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "turnkey-diagnostics-"));
  browser = await launchBrowser();
});
afterEach(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

// Text, as only the browser knows these names.
const MISSING = `document.querySelector("#token").validity.valueMissing`;
const KEPT = `localStorage.length + sessionStorage.length + document.cookie.length`;

test("it runs with a token that the API takes, keeps it nowhere, and tells of any other", async () => {
  const { path } = await writeBundle("diagnosticsPage", folder);
  // This process is the API's as well, and may be slow where other suites keep the machine busy.
  const pressure = { maxLatenessMs: 60_000 };
  const diagnostics = diagnosticsOf(readPage(path), "token");
  const { app } = testApi({ diagnostics }, { pressure });
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
