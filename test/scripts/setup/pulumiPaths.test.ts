import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  builtCliFolders,
  cliFile,
  cliFolder,
  cliMarker,
  installedCli,
} from "../../../scripts/setup/pulumiPaths.ts";

let env: { PULUMI_HOME: string };
beforeEach(() => {
  env = { PULUMI_HOME: mkdtempSync(join(tmpdir(), "turnkey-pulumi-")) };
});
afterEach(() => rmSync(env.PULUMI_HOME, { recursive: true, force: true }));

function installCli(mode = 0o755) {
  mkdirSync(dirname(cliFile(env)), { recursive: true });
  writeFileSync(cliFile(env), "");
  chmodSync(cliFile(env), mode);
}
const mark = (folder: string) => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(cliMarker(folder), "");
};

describe("a CLI is", () => {
  test("official when nothing marks it as ours", () => {
    installCli();
    expect(installedCli(env)).toBe("official");
  });

  test("a stand-in when our marker lies beside it", () => {
    installCli();
    mark(cliFolder(env));
    expect(installedCli(env)).toBe("stand-in");
  });

  test("not there when only the marker is", () => {
    mark(cliFolder(env));
    expect(installedCli(env)).toBe("none");
  });

  test("not there when it cannot be run", () => {
    installCli(0o644);
    expect(installedCli(env)).toBe("none");
  });
});

test("built CLIs of every version are found, official ones are not", () => {
  installCli();
  const other = join(env.PULUMI_HOME, "versions", "3.1.0");
  mark(other);
  expect(builtCliFolders(env)).toEqual([other]);
});
