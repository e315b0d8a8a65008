import { chmod, mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { contextDigest } from "../../../registry-only/docker/buildContext.ts";

let folder: string;
let at: (path: string) => string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "turnkey-context-"));
  at = (path) => join(folder, path);
  await mkdir(at("context/src/deep"), { recursive: true });
  await writeFile(at("Dockerfile"), "FROM scratch\n");
  await writeFile(at("context/a.js"), "1");
  await writeFile(at("context/src/deep/b.js"), "2");
  await writeFile(at("context/notes.md"), "3");
  await writeFile(at("context/.dockerignore"), "*.md\nleft-out\n");
  await symlink("a.js", at("context/link"));
});
afterEach(() => rm(folder, { recursive: true }));

const digest = () => contextDigest({ context: at("context"), dockerfile: at("Dockerfile") });

test.each<[string, () => Promise<unknown>]>([
  ["the Dockerfile", () => writeFile(at("Dockerfile"), "FROM node\n")],
  ["a file's content", () => writeFile(at("context/src/deep/b.js"), "4")],
  ["a file's name", () => rename(at("context/a.js"), at("context/c.js"))],
  ["a file's rights", () => chmod(at("context/a.js"), 0o755)],
  ["a file's place", () => rename(at("context/src/deep/b.js"), at("context/src/b.js"))],
  [
    "a link's goal",
    () => unlink(at("context/link")).then(() => symlink("src", at("context/link"))),
  ],
  ["what is ignored", () => writeFile(at("context/.dockerignore"), "")],
  [
    "an ignore file of the Dockerfile's own",
    () => writeFile(at("Dockerfile.dockerignore"), "a.js\n"),
  ],
])("%s makes another image", async (_, change) => {
  const before = digest();
  await change();
  expect(digest()).not.toBe(before);
});

test.each<[string, () => Promise<unknown>]>([
  ["an ignored file", () => writeFile(at("context/notes.md"), "5")],
  [
    "an ignored folder",
    async () => {
      await mkdir(at("context/left-out"));
      await writeFile(at("context/left-out/a"), "6");
    },
  ],
  ["an empty folder", () => mkdir(at("context/empty"))],
])("%s makes no other image", async (_, change) => {
  const before = digest();
  await change();
  expect(digest()).toBe(before);
});

test("the same files in another place make the same image", async () => {
  const before = digest();
  await rename(at("context"), at("moved"));
  expect(contextDigest({ context: at("moved"), dockerfile: at("Dockerfile") })).toBe(before);
});
