import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isDamaged } from "../../../scripts/pulumi/mendState.ts";
import { newestCopy, readState, stateFile } from "../../../scripts/pulumi/stateFile.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "turnkey-state-"));
  file = stateFile(folder, "turnkey", "dev");
  writeFileSync(join(folder, "Pulumi.yaml"), "name: turnkey\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const whole = (...ids: string[]) =>
  JSON.stringify({
    version: 3,
    checkpoint: { latest: { resources: [{ urn: "stack" }, ...ids.map((id) => ({ id }))] } },
  });
const put = (path: string, text: string) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};
const backup = (at: string) =>
  join(folder, ".pulumi", "backups", "turnkey", "dev", `dev.${at}.json`);
const damaged = () =>
  isDamaged({
    backend: { owner: "turnkey", folder, url: "file:///it" },
    project: folder,
    stack: "organization/turnkey/dev",
    env: {},
  });

test.each([
  ["", true],
  [whole("a").slice(0, -9), true],
  [whole("a"), false],
  ['{"version":3,"checkpoint":{"latest":null}}', false],
  ['{"version":3,"checkpoint":{"stack":"dev"}}', false],
])("a state file that holds %j is damaged: %s", (text, expected) => {
  put(file, text);
  expect(damaged()).toBe(expected);
});

test("a stack without a state is not damaged", () => {
  expect(damaged()).toBe(false);
});

test("a whole state tells what it knows the resources by", () => {
  put(file, whole("a", "b"));
  expect(readState(file)?.ids).toEqual(new Set(["a", "b"]));
});

test("of Pulumi's copies the newest whole one is taken", () => {
  put(`${file}.bak`, whole("last write"));
  put(backup("1795322985819610768"), whole("first update"));
  put(backup("1795322999000000000"), whole("second update"));
  expect(newestCopy(folder, "turnkey", "dev")?.ids).toEqual(new Set(["last write"]));
  put(`${file}.bak`, "{");
  expect(newestCopy(folder, "turnkey", "dev")?.ids).toEqual(new Set(["second update"]));
  put(backup("1795322999000000000"), "");
  expect(newestCopy(folder, "turnkey", "dev")?.ids).toEqual(new Set(["first update"]));
  put(backup("1795322985819610768"), "");
  expect(newestCopy(folder, "turnkey", "dev")).toBeUndefined();
});
