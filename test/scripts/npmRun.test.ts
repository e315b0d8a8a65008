import { expect, test } from "@jest/globals";
import { npmRun } from "../../scripts/npmRun.ts";

test.each([
  [npmRun("up", "dev"), "npm run up"],
  [npmRun("up", "two"), "npm run up -- --stack two"],
  [npmRun("-s token", "two", "--user al"), "npm run -s token -- --stack two --user al"],
])("%s is written as %s", (command, expected) => {
  expect(command).toBe(expected);
});
