/** The browser that `npm test` readies, driven through playwright-core. */
import { type Browser, chromium } from "playwright-core";
import { browserFile } from "../../scripts/setup/browser.ts";

/**
 * Starts it without a window and without its sandbox, which root and most containers cannot have;
 * `args` are added to its own; `through` gives a program that starts it in another way. Throws when there is none. Close it after the test.
 */
export async function launchBrowser(
  args: readonly string[] = [],
  through = (program: string) => program,
): Promise<Browser> {
  const program = await browserFile();
  if (program === undefined)
    throw new Error("there is no browser here; `npm test` readies one for the suites that need it");
  return chromium.launch({
    executablePath: through(program),
    chromiumSandbox: false,
    args: [...args],
  });
}
