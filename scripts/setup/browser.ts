/** The browser that tests drive: one that is installed, or Debian's Chromium, or playwright-core's own. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../userError.ts";
import { aptInstall, installPackages } from "./installPackages.ts";
import { osRelease, systemNames } from "./osRelease.ts";
import { agree, consentHere, findProgram } from "./privilege.ts";
import { CommandFailed, runCommand } from "./runCommand.ts";
import { runStep } from "./runStep.ts";
import { checkout } from "./versions.ts";

/** Not `chromium-browser`: on Ubuntu that only tells how to install a snap. */
const programs = ["chromium", "google-chrome", "google-chrome-stable"];

/** `install`: Debian's package, system-wide. `download`: into the user's cache. */
export type BrowserAction = "install" | "download";

/** Where a browser is got from; the package that Ubuntu has is a snap, which tests cannot drive. */
export function browserAction(osReleaseText: string): BrowserAction {
  const names = systemNames(osReleaseText);
  return names.includes("debian") && !names.includes("ubuntu") ? "install" : "download";
}

/** The browser's program, if there is one. */
export async function browserFile(): Promise<string | undefined> {
  const installed = programs.map((name) => findProgram(name)).find((it) => it !== undefined);
  if (installed !== undefined) return installed;
  const { chromium } = await import("playwright-core");
  const downloaded = chromium.executablePath();
  return existsSync(downloaded) ? downloaded : undefined;
}

/** playwright-core waits longer by default: too long where nothing answers. */
const CONNECTION_LIMIT_MS = "5000";

async function download(): Promise<void> {
  const tool = join(checkout, "node_modules", "playwright-core", "cli.js");
  const env = { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: CONNECTION_LIMIT_MS };
  try {
    await runStep("downloading Chromium", async (context) => {
      await runCommand(
        { file: process.execPath, args: [tool, "install", "chromium"], env },
        context,
      );
    });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new Refusal(
      ["there is no browser, and Chromium could not be downloaded", ...error.lines].join("\n"),
      ["install Google Chrome or Chromium, then run the same command again"],
      { cause: error },
    );
  }
}

/** Sees that there is a browser. Throws a Refusal when there is none and none is to be had. */
export async function readyBrowser(yes: boolean): Promise<void> {
  if ((await browserFile()) !== undefined) return;
  if (browserAction(osRelease()) === "download") return download();
  const command = aptInstall("chromium");
  const question = { problem: "there is no browser for the tests", commands: [command] };
  const before = await agree(question, consentHere(yes));
  await installPackages("Chromium", { command, before });
}
