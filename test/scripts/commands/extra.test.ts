import { expect, test } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { splitExtra, takesNoneOfOurs, takesNothingMore } from "../../../scripts/commands/extra.ts";

test.each([
  [["up"], ["up"], []],
  [["up", "--stack", "x", "--", "--diff"], ["up", "--stack", "x"], ["--diff"]],
  [["test", "--", "-t", "a", "--", "b"], ["test"], ["-t", "a", "--", "b"]],
])("of %j our part is %j and the tool's %j", (args, own, extra) => {
  expect(splitExtra(args)).toEqual({ own, extra });
});

test("a command without a tool behind it refuses more arguments", () => {
  takesNothingMore("outputs", []);
  expect(() => takesNothingMore("outputs", ["--json"])).toThrow("outputs takes no arguments");
});

test.each([
  ["--stack", "prod"],
  ["--diff", "--stack=prod"],
  ["-s", "prod"],
  ["-ysprod"],
  ["--config-file=Pulumi.prod.yaml"],
  ["--config", "turnkey:target=aws"],
  ["-c=turnkey:target=aws"],
  ["-C", "elsewhere"],
  ["--event-log", "log.json"],
])("Pulumi's commands refuse %j %j, which would beat what was checked", (...extra) => {
  expect(() => takesNoneOfOurs("up", extra)).toThrow("which stack, settings and folder");
});

test.each(["--diff", "--show-secrets", "--suppress-progress", "-j", "--message=s", "--strict"])(
  "Pulumi's commands take %s",
  (argument) => {
    expect(() => takesNoneOfOurs("up", [argument])).not.toThrow();
  },
);

test.each(["up", "preview", "policy", "down"])("%s asks that before all else", (command) => {
  const root = join(import.meta.dirname, "..", "..", "..");
  const args = [join(root, "scripts", "cli.ts"), command, "--", "--stack", "prod"];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  expect(stderr).toContain(`${command} tells Pulumi itself which stack`);
  expect(status).toBe(1);
});
