import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { decodeBase62, encodeBase62 } from "../../turn/base62.ts";
import vectors from "./base62.vectors.json" with { type: "json" };

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("what the Go module github.com/jxskiss/base62 v1.1.0 made of these bytes", () => {
  test.each(vectors)("$hex is encoded as $base62", ({ hex: bytes, base62 }) => {
    expect(encodeBase62(Buffer.from(bytes, "hex"))).toBe(base62);
  });

  test.each(vectors)("$base62 is decoded to $hex", ({ hex: bytes, base62 }) => {
    expect(hex(decodeBase62(base62))).toBe(bytes);
  });
});

test.each([
  { bytes: Buffer.from("hello"), text: "vxGblhG" },
  { bytes: Buffer.from([0xff, 0xff, 0xff]), text: "ffffP" },
  { bytes: Buffer.from([0]), text: "AA" },
  { bytes: Buffer.from([]), text: "" },
])("$text stands for $bytes", ({ bytes, text }) => {
  expect(encodeBase62(bytes)).toBe(text);
  expect(hex(decodeBase62(text))).toBe(hex(bytes));
});

test("every byte string survives encoding and decoding", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = encodeBase62(bytes);
      expect(text).toMatch(/^[A-Za-z0-9]*$/);
      expect(decodeBase62(text)).toEqual(bytes);
    }),
  );
});

test("a character outside the alphabet is named with its position", () => {
  expect(() => decodeBase62("ab-c")).toThrow('base62 holds "-" at position 2');
});
