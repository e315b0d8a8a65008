import { expect, test } from "@jest/globals";
import { splitExtra, takesNothingMore } from "../../../scripts/commands/extra.ts";

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
