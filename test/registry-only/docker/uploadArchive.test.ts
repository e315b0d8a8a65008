import { expect, test } from "@jest/globals";
import { uploadArchive } from "../../../registry-only/docker/uploadArchive.ts";

const now = new Date(1_800_000_000_000);
const archiveOf = (upload: Record<string, string | boolean>) =>
  uploadArchive([{ file: "/run/a", ...upload }], now) ?? Buffer.alloc(0);
const octal = (archive: Buffer, from: number, to: number) =>
  Number.parseInt(archive.toString("latin1", from, to), 8);

test.each([
  ["0644 by default", { content: "x" }, 0o644],
  ["0744 when executable", { content: "x", executable: true }, 0o744],
  ["as given, executable or not", { content: "x", executable: true, permissions: "0400" }, 0o400],
])("a file's mode is %s", (_, upload, mode) => {
  expect(octal(archiveOf(upload), 100, 107)).toBe(mode);
});

test.each([
  ["content", "häß", "häß"],
  ["contentBase64", Buffer.from([0, 255]).toString("base64"), "\u0000ÿ"],
  ["source", "package.json", "{"],
])("%s gives the file's bytes", (name, given, start) => {
  const archive = archiveOf({ [name]: given });
  const encoding = name === "contentBase64" ? "latin1" : "utf8";
  expect(archive.toString(encoding, 512, 512 + 2_000).startsWith(start)).toBe(true);
  expect(octal(archive, 136, 147)).toBe(1_800_000_000);
});

test.each([
  ["no content", {}],
  ["empty content", { content: "" }],
  ["two contents", { content: "s3cret", contentBase64: "czNjcmV0" }],
])("%s is refused without telling any", (_, upload) => {
  expect(() => archiveOf(upload)).toThrow(
    /uploads of "\/run\/a" .*exactly one of content, contentBase64, source is wanted/,
  );
  expect(() => archiveOf(upload)).not.toThrow(/s3cret|czNjcmV0/);
});

test("without files there is no archive", () => {
  expect(uploadArchive(undefined, now)).toBeUndefined();
  expect(uploadArchive([], now)).toBeUndefined();
});
