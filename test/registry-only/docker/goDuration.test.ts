import { expect, test } from "@jest/globals";
import { assert, integer, property } from "fast-check";
import { formatGoDuration, parseGoDuration } from "../../../registry-only/docker/goDuration.ts";

test.each([
  ["0", 0, "0s"],
  ["0s", 0, "0s"],
  ["250ms", 250e6, "250ms"],
  ["10000ms", 10e9, "10s"],
  ["1.5s", 1.5e9, "1.5s"],
  ["4.1s", 4_100_000_000, "4.1s"],
  ["60s", 60e9, "1m0s"],
  ["1m30s", 90e9, "1m30s"],
  ["3600s", 3600e9, "1h0m0s"],
  ["20us", 20e3, "20µs"],
])("%s is read as Go reads it and written as Go writes it", (text, nanoseconds, written) => {
  expect(parseGoDuration(text)).toBe(nanoseconds);
  expect(formatGoDuration(nanoseconds)).toBe(written);
});

test.each(["", "10", "s", "10 s", "-1s", "1d", "1s!"])("%j is no duration", (text) => {
  expect(parseGoDuration(text)).toBeUndefined();
});

test("what is written is read back", () => {
  const wholeMilliseconds = integer({ min: 0, max: 1e9 }).map((it) => it * 1e6);
  assert(
    property(wholeMilliseconds, (it) => {
      expect(parseGoDuration(formatGoDuration(it))).toBe(it);
    }),
  );
});
