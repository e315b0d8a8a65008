import { expect, test } from "@jest/globals";
import { readyLimitMs } from "../../../scripts/commands/awaitReady.ts";

test.each([
  [undefined, 900_000],
  ["", 900_000],
  ["0", 0],
  ["30", 30_000],
  ["soon", 900_000],
  ["-1", 900_000],
])("TURNKEY_READY_SECONDS=%s waits %i ms", (given, expected) => {
  expect(readyLimitMs(given === undefined ? {} : { TURNKEY_READY_SECONDS: given })).toBe(expected);
});
