import { expect, test } from "@jest/globals";
import { withoutCiphertext } from "../../../scripts/commands/check.ts";

test("encrypted values are replaced at any depth, the rest is left as it is", () => {
  expect(
    withoutCiphertext({ a: 1, b: { secure: "v1:x" }, c: [{ d: { secure: "v1:y" } }] }),
  ).toEqual({
    a: 1,
    b: "*".repeat(32),
    c: [{ d: "*".repeat(32) }],
  });
});
