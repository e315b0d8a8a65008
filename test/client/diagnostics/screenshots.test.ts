import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { screenshots } from "../../support/screenshots.ts";

/** PNG, section 11.2.2: signature, then the header with width and height. */
function sizeOf(png: Buffer) {
  expect(png.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}

test.each(Object.values(screenshots))("$file has the page's size", ({ file, width, height }) => {
  const png = readFileSync(file);
  expect(sizeOf(png)).toEqual({ width, height });
  expect(png.length).toBeLessThan(200_000);
});
