import { describe, expect, test } from "@jest/globals";
import { isPartOf, randomFile } from "../../../client/diagnostics/fileBytes.ts";

test("a file has its size, and something in every part that is drawn at a time", () => {
  const file = randomFile(200_000);
  expect(file).toHaveLength(200_000);
  for (let at = 0; at < file.length; at += 65_536)
    expect(new Set(file.subarray(at, at + 1_024)).size).toBeGreaterThan(100);
});

describe("a part of a file", () => {
  const file = Uint8Array.from([1, 2, 3, 4, 5]);
  test.each([
    { offset: 0, part: [1, 2], is: true },
    { offset: 3, part: [4, 5], is: true },
    { offset: 1, part: [2, 4], is: false },
    { offset: 0, part: [2], is: false },
    { offset: 4, part: [5, 6], is: false },
  ])("$part at $offset: $is", ({ offset, part, is }) => {
    expect(isPartOf(file, offset, Uint8Array.from(part))).toBe(is);
  });
});
