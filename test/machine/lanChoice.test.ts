import { afterEach, expect, test } from "@jest/globals";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { lanChoiceFile, readLanChoice } from "../../machine/lanChoice.ts";

const folders: string[] = [];
afterEach(() => {
  for (const it of folders.splice(0)) rmSync(it, { recursive: true });
});

/** A data folder in which the stack `dev` has that file. */
function kept(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "turnkey-lan-"));
  folders.push(folder);
  const file = lanChoiceFile("dev", folder);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return folder;
}

test.each(["automatic", "192.168.1.5"])("the choice of %s is read as it was kept", (address) => {
  expect(readLanChoice("dev", kept(JSON.stringify({ address })))).toEqual({ address });
});

test("each stack has a choice of its own, and none to begin with", () => {
  const folder = kept('{"address":"automatic"}');
  expect(readLanChoice("two", folder)).toBeUndefined();
});

test.each([
  ["nothing", ""],
  ["half of it", '{"address":'],
  ["an address that is none", '{"address":"192.168.1.500"}'],
  ["more than it knows", '{"address":"automatic","port":1}'],
])("a file with %s is named, with what it says and the mend", (_what, text) => {
  const folder = kept(text);
  expect(() => readLanChoice("dev", folder)).toThrow(
    `${lanChoiceFile("dev", folder)} is ${JSON.stringify(text)}; wanted is {"address": "automatic"} or an IPv4 address - choose again: npm run up -- --lan, or --no-lan`,
  );
});
