import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { lanChoiceFile, readLanChoice } from "../../../machine/lanChoice.ts";
import { keepLanWish, lanWish } from "../../../scripts/commands/lanWish.ts";

const environment = { ...process.env };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "turnkey-lan-"));
  process.env["XDG_DATA_HOME"] = folder;
});
afterEach(() => {
  process.env = environment;
  rmSync(folder, { recursive: true });
});

test.each([
  ["--lan", true, { lan: { address: "automatic" } }],
  ["--lan=192.168.1.5", "192.168.1.5", { lan: { address: "192.168.1.5" } }],
  ["--no-lan", false, { lan: undefined }],
  ["no option", undefined, undefined],
])("%s is understood", (_option, value, wish) => {
  expect(lanWish(value)).toEqual(wish);
});

describe("what is wished", () => {
  test.each(["dev", "organization/turnkey/dev"])(
    "for stack %s is kept where the program reads it",
    (stack) => {
      keepLanWish(stack, { lan: { address: "automatic" } });
      expect(readLanChoice("dev")).toEqual({ address: "automatic" });
      keepLanWish(stack, { lan: { address: "10.0.0.1" } });
      expect(readLanChoice("dev")).toEqual({ address: "10.0.0.1" });
      expect(readdirSync(dirname(lanChoiceFile("dev")))).toEqual(["dev.json"]);
    },
  );

  test("ends with --no-lan, also when nothing was kept", () => {
    keepLanWish("dev", { lan: { address: "automatic" } });
    keepLanWish("dev", { lan: undefined });
    expect(existsSync(lanChoiceFile("dev"))).toBe(false);
    keepLanWish("dev", { lan: undefined });
    expect(existsSync(lanChoiceFile("dev"))).toBe(false);
  });
});
