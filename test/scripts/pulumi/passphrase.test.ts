import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { choosePassphrase, ensurePassphrase } from "../../../scripts/pulumi/passphrase.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "turnkey-passphrase-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ours = { owner: "turnkey", file: "/data/turnkey/passphrase" };

test.each([
  ["nothing is set", {}, ours],
  ["our own file is named", { PULUMI_CONFIG_PASSPHRASE_FILE: ours.file }, ours],
  ["the variable for a file is empty", { PULUMI_CONFIG_PASSPHRASE_FILE: "" }, ours],
  [
    "a passphrase is set",
    { PULUMI_CONFIG_PASSPHRASE: "x", PULUMI_CONFIG_PASSPHRASE_FILE: "/f" },
    { owner: "user", variable: "PULUMI_CONFIG_PASSPHRASE" },
  ],
  [
    "an empty passphrase is set",
    { PULUMI_CONFIG_PASSPHRASE: "" },
    { owner: "user", variable: "PULUMI_CONFIG_PASSPHRASE" },
  ],
  [
    "a file is named",
    { PULUMI_CONFIG_PASSPHRASE_FILE: "/f" },
    { owner: "user", variable: "PULUMI_CONFIG_PASSPHRASE_FILE" },
  ],
])("the passphrase is chosen as Pulumi chooses when %s", (_case, env, expected) => {
  expect(choosePassphrase({ XDG_DATA_HOME: "/data", ...env })).toEqual(expected);
});

test("a generated passphrase can be read by its owner only", () => {
  const file = join(folder, "data", "passphrase");
  ensurePassphrase(file, () => "generated");
  expect(readFileSync(file, "utf8")).toBe("generated");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, "data")).mode & 0o777).toBe(0o700);
});

test("a passphrase is generated once", () => {
  const file = join(folder, "passphrase");
  ensurePassphrase(file, () => "first");
  ensurePassphrase(file, () => "second");
  expect(readFileSync(file, "utf8")).toBe("first");
});

test("of two commands that generate one at once both go on with the same", () => {
  const file = join(folder, "passphrase");
  ensurePassphrase(file, () => {
    ensurePassphrase(file, () => "theirs");
    return "ours";
  });
  expect(readFileSync(file, "utf8")).toBe("theirs");
  expect(readdirSync(folder)).toEqual(["passphrase"]);
});
