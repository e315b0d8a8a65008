/** An image that the stand-in for docker records instead of pushing it, with the real CLI and no engine. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { registryOnlyProgram } from "../support/registryOnlyProgram.ts";
import type { RegistryOnlyProgram } from "../support/registryOnlyProgram.ts";

const files = {
  "Pulumi.yaml": "name: sample\nruntime: { name: nodejs, options: { typescript: false } }\n",
  "package.json": '{ "name": "sample", "type": "module", "main": "index.ts" }',
  "index.ts": `
    import * as pulumi from "@pulumi/pulumi";
    import * as docker from "@pulumi/docker";
    const image = new docker.Image("api", {
      imageName: "registry.example:443/turnkey:api",
      build: { context: "api", platform: "linux/arm64" },
      registry: {
        server: "registry.example:443",
        username: "AWS",
        password: new pulumi.Config().requireSecret("password"),
      },
    });
    export const reference = image.repoDigest;
  `,
  "api/Dockerfile": "FROM scratch\n",
};

let records: string;
let sample: RegistryOnlyProgram;

beforeAll(async () => {
  records = await mkdtemp(join(tmpdir(), "turnkey-records-"));
  sample = await registryOnlyProgram(files, { TURNKEY_RECORDED_AWS: records });
}, 120_000);

afterAll(async () => {
  await sample.remove();
  await rm(records, { recursive: true });
});

const recordFile = () => join(records, "docker-image.jsonl");
const up = (...args: string[]) => sample.run("up", "--yes", "--skip-preview", ...args);
const usePassword = (text: string) => sample.run("config", "set", "--secret", "password", text);

test("a preview builds nothing", async () => {
  await usePassword("first-password");
  expect(await sample.run("preview")).toMatch(/\+ 2 to create/);
  expect(existsSync(recordFile())).toBe(false);
}, 120_000);

test("an update records one build, and the password is plain nowhere", async () => {
  expect(await up()).toMatch(/reference: "registry\.example:443\/turnkey@sha256:[0-9a-f]{64}"/);
  const recorded = readFileSync(recordFile(), "utf8");
  expect(recorded.trim().split("\n")).toHaveLength(1);
  const state = join(sample.folder, "state");
  const names = await readdir(state, { recursive: true, withFileTypes: true });
  const paths = names.filter((it) => it.isFile()).map((it) => join(it.parentPath, it.name));
  const texts = await Promise.all(paths.map((path) => readFile(path, "utf8")));
  expect(texts.join("\n")).toContain("docker:index/image:Image");
  expect([recorded, ...texts].filter((it) => it.includes("first-password"))).toEqual([]);
}, 120_000);

test("another password builds nothing anew, another file does", async () => {
  await usePassword("second-password");
  expect(await up("--refresh")).toMatch(/2 unchanged/);
  writeFileSync(join(sample.folder, "program/api/index.js"), "1");
  expect(await up()).toMatch(/~ 1 updated/);
  expect(readFileSync(recordFile(), "utf8").trim().split("\n")).toHaveLength(2);
  expect(await sample.run("destroy", "--yes", "--skip-preview")).toMatch(/- 2 deleted/);
}, 120_000);
