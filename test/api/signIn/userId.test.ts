import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { fieldOf, userIdOf } from "../../../api/signIn/userId.ts";

describe("a user's id", () => {
  test.each([
    ["ann", "ann"],
    ["Zoë Ω 你好", "Zoë Ω 你好"],
    ["auth0|507f1f77", "auth0|507f1f77"],
    [42, "42"],
    ["a".repeat(256), "a".repeat(256)],
  ])("may be %j", (value, id) => expect(userIdOf(value)).toBe(id));

  test.each([
    "",
    " ",
    " ann",
    "ann\t",
    "ann\nlevel=fatal",
    "a\u0000b",
    "a\u0085b",
    "\ud800",
    "a".repeat(257),
    "é".repeat(129),
    1.5,
    Number.NaN,
    2 ** 53,
    true,
    null,
    undefined,
    ["ann"],
    { id: "ann" },
  ])("cannot be %j", (value) => expect(userIdOf(value)).toBeUndefined());

  test("is never longer than 256 bytes and has no control character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        const id = userIdOf(text);
        expect(id === undefined || (id === text && Buffer.byteLength(id) <= 256)).toBe(true);
        expect(id ?? "").not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

describe("a field", () => {
  test.each([
    [{ user: { id: "ann" } }, "user.id", "ann"],
    [{ id: 7 }, "id", 7],
    [[["ann"]], "0.0", "ann"],
    [{ user: "ann" }, "user.id", undefined],
    [{ user: null }, "user.id", undefined],
    [{}, "constructor.name", undefined],
    [{}, "__proto__", undefined],
    [null, "id", undefined],
  ])("of %j at %s is %j", (value, path, found) => expect(fieldOf(value, path)).toEqual(found));
});
