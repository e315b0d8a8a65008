import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browserAction, browserFile } from "../../../scripts/setup/browser.ts";

test.each([
  ["Debian's package is installed", "ID=debian\n", "install"],
  ["the package of a system made of Debian is installed", "ID=kali\nID_LIKE=debian\n", "install"],
  ["Ubuntu's is a snap, so one is downloaded", "ID=ubuntu\nID_LIKE=debian\n", "download"],
  ["one is downloaded on other Linux systems", "ID=fedora\n", "download"],
  ["one is downloaded where there is no Linux", "", "download"],
])("%s", (_, osRelease, action) => {
  expect(browserAction(osRelease)).toBe(action);
});

let folder: string;
const path = process.env["PATH"] ?? "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "turnkey-browser-"));
  process.env["PATH"] = folder;
});
afterEach(() => {
  process.env["PATH"] = path;
  rmSync(folder, { recursive: true, force: true });
});

test.each(["chromium", "google-chrome", "google-chrome-stable"])(
  "a %s on PATH is the browser",
  async (name) => {
    const program = join(folder, name);
    writeFileSync(program, "");
    chmodSync(program, 0o755);
    expect(await browserFile()).toBe(program);
  },
);

test("what Ubuntu has in a snap's place is no browser", async () => {
  const program = join(folder, "chromium-browser");
  writeFileSync(program, "");
  chmodSync(program, 0o755);
  expect(await browserFile()).not.toBe(program);
});
