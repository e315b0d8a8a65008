import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { archiveEntries, contentsHash, parseLdd } from "../../../scripts/setup/imageContents.ts";
import type { ImageEntry } from "../../../scripts/setup/imageContents.ts";

let folder: string;
let source: string;
const entries = (): ImageEntry[] => [
  { path: "/a", mode: 0o755, source },
  { path: "/b", target: "a" },
  { path: "/tmp", folderMode: 0o1777 },
];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "turnkey-contents-"));
  source = join(folder, "file");
  writeFileSync(source, "content");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("the libraries of a program are read from ldd, the loader included and the kernel's left out", () => {
  const printed = [
    "\tlinux-vdso.so.1 (0x00007ffd0a1f2000)",
    "\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f0000000000)",
    "\tlibgone.so => not found",
    "\t/lib64/ld-linux-x86-64.so.2 (0x00007f0000000000)",
  ];
  expect(parseLdd(printed.join("\n"))).toEqual([
    "/lib/x86_64-linux-gnu/libm.so.6",
    "/lib64/ld-linux-x86-64.so.2",
  ]);
});

describe("the hash of an image's contents", () => {
  test("stays when nothing changes", () => {
    expect(contentsHash(entries(), "/a")).toBe(contentsHash(entries(), "/a"));
  });

  test.each<[string, (it: ImageEntry[]) => ImageEntry[], string]>([
    ["a mode", ([, ...rest]) => [{ path: "/a", mode: 0o700, source }, ...rest], "/a"],
    ["a path", ([, ...rest]) => [{ path: "/c", mode: 0o755, source }, ...rest], "/a"],
    [
      "a link's target",
      ([a, , c]) => [a, { path: "/b", target: "c" }, c].filter((it) => it !== undefined),
      "/a",
    ],
    ["the entrypoint", (it) => it, "/b"],
    [
      "an identity",
      ([, ...rest]) => [{ path: "/a", mode: 0o755, source, identity: "2" }, ...rest],
      "/a",
    ],
  ])("changes with %s", (_, change, entrypoint) => {
    expect(contentsHash(change(entries()), entrypoint)).not.toBe(contentsHash(entries(), "/a"));
  });

  test("changes with a content", () => {
    const before = contentsHash(entries(), "/a");
    writeFileSync(source, "other");
    expect(contentsHash(entries(), "/a")).not.toBe(before);
  });

  test("needs no file that has an identity", () => {
    const absent = { path: "/a", mode: 0o755, source: "/nowhere", identity: "1" };
    expect(contentsHash([absent], "/a")).toMatch(/^[0-9a-f]{64}$/);
  });

  test("the archive reads each file when its turn comes", () => {
    const archive = archiveEntries(entries());
    writeFileSync(source, "later");
    expect([...archive]).toEqual([
      { path: "/a", mode: 0o755, content: Buffer.from("later") },
      { path: "/b", target: "a" },
      { path: "/tmp", folderMode: 0o1777 },
    ]);
  });
});
