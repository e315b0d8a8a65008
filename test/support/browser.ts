/** The browser that `npm test` readies, driven through playwright-core. */
import { type Browser, chromium } from "playwright-core";
import { browserFile } from "../../scripts/setup/browser.ts";

/**
 * Starts it without a window and without its sandbox, which root and most containers cannot have;
 * `args` are added to its own. Throws when there is none. Close it after the test.
 */
export async function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  const executablePath = await browserFile();
  if (executablePath === undefined)
    throw new Error("there is no browser here; `npm test` readies one for the suites that need it");
  return chromium.launch({ executablePath, chromiumSandbox: false, args: [...args] });
}
