/** The diagnostics page in a real browser. */
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import * as z from "zod";
import { headlines } from "../../client/diagnostics/findings.ts";

/** A run with every wait to its end takes about a minute; more where other suites keep the machine busy. */
const RUN_MS = 150_000;

export interface OpenedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained of: errors of scripts, and what the page's policy refuses. */
  readonly complaints: string[];
  /** Every URL that the page asked for. */
  readonly asked: string[];
}

/** Opens it in a context of its own and writes down what it asks for and complains of. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const [complaints, asked]: [string[], string[]] = [[], []];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (it) => {
    if (it.type() === "error") complaints.push(it.text());
  });
  page.on("request", (it) => asked.push(it.url()));
  page.on("websocket", (it) => asked.push(it.url()));
  await page.goto(url);
  return { page, context, complaints, asked };
}

/** Waits until the run is over and gives the verdict's sentence. */
export async function verdict(page: Page): Promise<string> {
  const heading = page.locator("#verdict:visible");
  const alert = page.getByRole("alert").filter({ hasText: /\S/ });
  await heading.or(alert).waitFor({ timeout: RUN_MS });
  return (await heading.or(alert).textContent()) ?? "";
}

/** Runs the check by a click, to its end. */
export async function runCheck(page: Page): Promise<string> {
  await page.getByRole("button", { name: /^Run/ }).click();
  return verdict(page);
}

/** Everything that was found: `In the way UDP is blocked`. */
export const titles = (page: Page): Promise<string[]> =>
  page.locator("#findings h3").allInnerTexts();

/** What is found of a line that is slow, loses packets or is far: a busy machine is all that too. */
const OF_SPEED = /(?:The line is slow|Packets get lost|Answers take long)$/;
const isOfSpeed = (title: string) => OF_SPEED.test(title);

/** The same without what a busy machine alone brings about. */
export const titlesButSpeed = async (page: Page): Promise<string[]> =>
  (await titles(page)).filter((it) => !isOfSpeed(it));

/** The verdict's sentence where nothing but the speed of the machine may be in the way. */
export const verdictOfSpeed = async (page: Page): Promise<string> =>
  (await titles(page)).some(isOfSpeed) ? headlines.limited : headlines.well;

/** What a finding says, with what to do. */
export const said = (page: Page, title: string): Promise<string> =>
  page.locator("#findings li").filter({ hasText: title }).innerText();

/** A measured value by its name, below its heading. */
export const measuredValue = (page: Page, heading: string, name: string): Promise<string> =>
  page.locator(`h3:text-is("${heading}") + dl dt:text-is("${name}") + dd`).innerText();

/** What stands beside a server's address. */
export const gave = (page: Page, url: string): Promise<string> =>
  page.getByRole("row").filter({ hasText: url }).getByRole("cell").innerText();

const Violations = z.array(z.object({ id: z.string(), impact: z.string().nullable() }));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds serious or critical, light and dark. */
export async function seriousViolations(page: Page) {
  await page.evaluate(axe);
  const found = [];
  for (const colorScheme of ["dark", "light"] as const) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await page.emulateMedia({ colorScheme });
    // oxlint-disable-next-line no-await-in-loop -- in this scheme
    const all = Violations.parse(await page.evaluate("axe.run().then((it) => it.violations)"));
    found.push(
      ...all
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id }) => `${id}, ${colorScheme}`),
    );
  }
  return found;
}

/** How wide the page wants to be, in CSS pixels. */
export const widthOf = async (page: Page): Promise<number> =>
  Number(await page.evaluate("document.documentElement.scrollWidth"));
