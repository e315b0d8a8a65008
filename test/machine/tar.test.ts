import { expect, test } from "@jest/globals";
import { tarArchive } from "../../machine/tar.ts";

const now = new Date(0);
const pack = (path: string) =>
  tarArchive([{ path, content: Buffer.from("abc"), mode: 0o640 }], now);
const text = (archive: Buffer, from: number, length: number) =>
  archive.toString("utf8", from, from + length).replace(/\0.*$/, "");

test("an archive is a header, the content in blocks of 512 bytes and two empty blocks", () => {
  const archive = pack("/run/a");
  expect(archive).toHaveLength(4 * 512);
  expect(text(archive, 0, 100)).toBe("run/a");
  expect(text(archive, 257, 6)).toBe("ustar");
  expect(archive.toString("utf8", 512, 515)).toBe("abc");
});

test("the checksum counts its own field as blanks", () => {
  const archive = pack("a");
  const head = Buffer.from(archive.subarray(0, 512)).fill(" ", 148, 156);
  const sum = head.reduce((total, byte) => total + byte, 0);
  expect(Number.parseInt(text(archive, 148, 8), 8)).toBe(sum);
});

test("a long path is cut at a slash", () => {
  const [directory, file] = ["d".repeat(120), "f".repeat(99)];
  const archive = pack(`${directory}/${file}`);
  expect(text(archive, 345, 155)).toBe(directory);
  expect(text(archive, 0, 100)).toBe(file);
});

test("a path that cannot be cut is refused", () => {
  expect(() => pack("f".repeat(101))).toThrow(/too long for a tar archive/);
});
