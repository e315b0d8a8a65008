import { describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { envLines, shellWord } from "../../../scripts/commands/env.ts";
import type { Login } from "../../../scripts/pulumi/openStack.ts";

const ours: Login = {
  backend: { owner: "turnkey", folder: "/data/backend", url: "file:///data/backend" },
  passphrase: { owner: "turnkey", file: "/data/passphrase" },
  variables: {
    PULUMI_BACKEND_URL: "file:///data/backend",
    PULUMI_CONFIG_PASSPHRASE_FILE: "/it's $HOME/passphrase",
  },
};

test("a shell that evaluates the lines has exactly the variables that Pulumi needs", () => {
  const script = `eval "$1"; printf '%s|%s' "$PULUMI_BACKEND_URL" "$PULUMI_CONFIG_PASSPHRASE_FILE"`;
  expect(execFileSync("sh", ["-c", script, "sh", envLines(ours)], { encoding: "utf8" })).toBe(
    "file:///data/backend|/it's $HOME/passphrase",
  );
});

test("Pulumi's folder is told only where Pulumi would look elsewhere", () => {
  expect(envLines(ours)).not.toContain("PULUMI_HOME");
  expect(envLines(ours, "/h/.pulumi").split("\n")).toContain("export PULUMI_HOME=/h/.pulumi");
});

test("a user of another backend is told that nothing is needed, in a comment", () => {
  const theirs: Login = {
    ...ours,
    backend: { owner: "user", chosenBy: "pulumi login" },
    variables: {},
  };
  expect(envLines(theirs)).toBe("# nothing is needed: Pulumi uses your own backend (pulumi login)");
});

describe("shellWord", () => {
  test.each([
    ["/plain/path-1.txt", "/plain/path-1.txt"],
    ["", "''"],
    ["a b", "'a b'"],
    ["it's", `'it'\\''s'`],
    ["$(rm)", "'$(rm)'"],
  ])("writes %j as %s", (text, word) => {
    expect(shellWord(text)).toBe(word);
  });
});
