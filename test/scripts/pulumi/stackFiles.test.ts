import { afterEach, beforeEach, expect, test } from "@jest/globals";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import {
  copyStackFiles,
  removeLostCopies,
  requireStackFile,
} from "../../../scripts/pulumi/stackFiles.ts";
import { UserError } from "../../../scripts/userError.ts";

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "turnkey-project-"));
  writeFileSync(join(project, "Pulumi.yaml"), "name: turnkey\n");
  writeFileSync(join(project, "Pulumi.prod.yaml"), "config: {}\n");
  writeFileSync(join(project, "Pulumi.dev.yaml"), "config:\n  turnkey:target: docker\n");
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

test.each(["dev", "acme/dev", "acme/turnkey/dev"])(
  "the copies of %s hold what the project does, where only the user can read, until they are disposed of",
  (stack) => {
    let folder: string;
    {
      using files = copyStackFiles(project, stack);
      ({ folder } = files);
      expect(readFileSync(join(folder, "Pulumi.yaml"), "utf8")).toBe("name: turnkey\n");
      expect(readFileSync(files.configFile, "utf8")).toContain("turnkey:target: docker");
      expect(files.hasSettings).toBe(true);
      expect(statSync(folder).mode & 0o777).toBe(0o700);
    }
    expect(existsSync(folder)).toBe(false);
  },
);

test("only the copies of commands that are gone are deleted", () => {
  using files = copyStackFiles(project, "dev");
  const copies = mkdtempSync(join(project, "tmp-"));
  // No process has a number above the kernel's limit of 4194304.
  const lost = "turnkey-stack-4999999-aBcDeF";
  const kept = [basename(files.folder), "turnkey-stack-4999999", "turnkey-4999999-aBcDeF"];
  for (const name of [lost, ...kept]) mkdirSync(join(copies, name));
  writeFileSync(join(copies, lost, "Pulumi.dev.yaml"), "");
  expect(removeLostCopies(copies)).toEqual([join(copies, lost)]);
  expect(readdirSync(copies).toSorted()).toEqual(kept.toSorted());
});

test("a stack without a file gets an empty one, and says that it has no settings", () => {
  using files = copyStackFiles(project, "gone");
  expect(readFileSync(files.configFile, "utf8")).toBe("");
  expect(files.hasSettings).toBe(false);
});

test("a stack without a file is an error that lists those there are", () => {
  requireStackFile(project, "dev");
  expect(() => requireStackFile(project, "staging")).toThrow(
    new UserError('stack "staging" has no settings: there is no Pulumi.staging.yaml'),
  );
  try {
    requireStackFile(project, "staging");
  } catch (error) {
    expect(error).toMatchObject({
      mend: [expect.stringContaining("--stack dev, --stack prod"), expect.any(String)],
    });
  }
});
