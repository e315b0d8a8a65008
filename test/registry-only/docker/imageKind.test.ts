import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { imageKind } from "../../../registry-only/docker/imageKind.ts";
import { objectAt, unknownMark as unknown } from "../../support/recording.ts";
import type { JsonObject } from "../../support/recording.ts";
import { replay } from "../../support/replay.ts";
import type { Replay } from "../../support/replay.ts";

const type = "docker:index/image:Image";

const repository = "123456789012.dkr.ecr.eu-central-1.amazonaws.com:443/turnkey";

let folder: string;
let recording: Replay;
let refusing: Replay;

const provider = (recordFolder: string | undefined) =>
  replay({
    name: "docker",
    version: "5.2.0",
    bridge: "sdk2",
    kinds: { [type]: imageKind(recordFolder) },
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "turnkey-image-"));
  await mkdir(join(folder, "api"));
  await writeFile(join(folder, "api/Dockerfile"), "FROM scratch\n");
  [recording, refusing] = [await provider(folder), await provider(undefined)];
});
afterAll(async () => {
  recording.close();
  refusing.close();
  await rm(folder, { recursive: true });
});

const login = (more: JsonObject = {}): JsonObject => ({
  server: repository,
  username: "AWS",
  password: "token-1",
  ...more,
});

/** Inputs of an image as a program gives them. */
const image = (more: JsonObject = {}): JsonObject => ({
  imageName: `${repository}:api`,
  build: { context: join(folder, "api"), platform: "linux/arm64", args: { A: "1" } },
  registry: login(),
  buildOnPreview: false,
  skipPush: false,
  ...more,
});

const properties = (answer: JsonObject) => objectAt(answer, "properties");

const made = async (inputs: JsonObject) =>
  properties(await recording.call("Create", { type, properties: inputs }));

const digestOf = async (inputs: JsonObject) => (await made(inputs))["repoDigest"];

const lines = async () =>
  (await readFile(join(folder, "docker-image.jsonl"), "utf8")).trim().split("\n");

test("a check keeps what was given, defaults without notes on them", async () => {
  const { buildOnPreview: _, skipPush: __, ...given } = image();
  expect(await refusing.call("Check", { type, news: given })).toEqual({ inputs: image() });
});

test.each<[string, JsonObject, string, string]>([
  [
    "another input",
    { tags: [] },
    "tags",
    "the registry-only stand-in for docker does not know input tags of Image",
  ],
  [
    "a Dockerfile that is not there",
    { build: { context: "/nowhere" } },
    "build.dockerfile",
    "/nowhere/Dockerfile is not there; give its path from the program's folder",
  ],
  [
    "a build in a preview",
    { buildOnPreview: true },
    "buildOnPreview",
    "is true, but the registry-only stand-in for docker builds nothing; leave it out",
  ],
  ["another builder", { build: { builderVersion: "V3" } }, "build.builderVersion", "is V3;"],
])("a check refuses %s", async (_, more, property, reason) => {
  const { failures } = await refusing.call("Check", { type, news: image(more) });
  expect(failures).toContainEqual({ property, reason: expect.stringContaining(reason) });
});

test("a Dockerfile that is meant within the context is shown the way", async () => {
  const news = image({ build: { context: join(folder, "api"), dockerfile: "Dockerfile" } });
  const { failures } = await refusing.call("Check", { type, news });
  const reason = `Dockerfile is not there; give ${join(folder, "api/Dockerfile")}`;
  expect(failures).toEqual([{ property: "build.dockerfile", reason }]);
});

test("a preview needs no folder to record in and knows no digest yet", async () => {
  const answer = await refusing.call("Create", { type, properties: image(), preview: true });
  expect(properties(answer)).toMatchObject({ ...image(), repoDigest: unknown, id: unknown });
});

test("a preview lives with names and contexts that are not known yet", async () => {
  const news = image({ imageName: unknown, build: unknown });
  expect(await refusing.call("Check", { type, news })).toEqual({ inputs: news });
  const olds = await made(image());
  expect(await refusing.call("Diff", { type, olds, news })).toMatchObject({
    changes: "DIFF_SOME",
    diffs: ["build", "imageName"],
  });
});

test.each(["Create", "Update"])(
  "a real %s is refused without a folder to record in",
  async (call) => {
    const request = { type, id: "x", properties: image(), olds: image(), news: image() };
    await expect(refusing.call(call, request)).rejects.toThrow(
      "the registry-only stand-in for docker builds and pushes no images; " +
        "deploy from a machine that can download the official plugin",
    );
  },
);

test("a push is recorded without the password and answered with a digest in the repository", async () => {
  const { id, properties: state } = await recording.call("Create", { type, properties: image() });
  expect(id).toBe(`${repository}:api`);
  expect(state).toMatchObject({
    baseImageName: `${repository}:api`,
    context: join(folder, "api"),
    dockerfile: "Dockerfile",
    platform: "linux/arm64",
    registryServer: repository,
    repoDigest: expect.stringMatching(new RegExp(`^${repository}@sha256:[0-9a-f]{64}$`)),
  });
  const line = (await lines()).at(-1) ?? "";
  expect(line).not.toContain("token-1");
  expect(JSON.parse(line)).toMatchObject({
    operation: "create",
    imageName: `${repository}:api`,
    registry: login({ password: "[secret]" }),
  });
});

test("an image that is not pushed is answered with its id", async () => {
  expect(await made(image({ skipPush: true }))).toMatchObject({
    repoDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
  });
});

test("another argument or file of the build makes another digest, another password none", async () => {
  const first = await digestOf(image());
  expect(await digestOf(image({ registry: login({ password: "token-2" }) }))).toBe(first);
  const build = { context: join(folder, "api"), platform: "linux/arm64", args: { A: "2" } };
  expect(await digestOf(image({ build }))).not.toBe(first);
});

test.each<[string, string[], JsonObject]>([
  ["nothing", [], {}],
  ["another password", [], { registry: login({ password: "token-2" }) }],
  ["a password that is not known yet", [], { registry: login({ password: unknown }) }],
  ["another user", [], { registry: login({ username: "B" }) }],
  ["another server", ["registry"], { registry: login({ server: "b" }) }],
  ["no login", ["registry"], { registry: null }],
  ["another name", ["imageName"], { imageName: "b" }],
])("of %s, a diff finds %j to change in place", async (_, diffs, more) => {
  const olds = await made(image());
  const answer = await refusing.call("Diff", { type, olds, news: image(more) });
  expect(answer).toEqual(
    diffs.length === 0 ? { changes: "DIFF_NONE" } : { changes: "DIFF_SOME", diffs },
  );
});

test("another file in the context is an update, whose preview knows no digest", async () => {
  const olds = await made(image());
  await writeFile(join(folder, "api/index.js"), "1");
  const request = { type, id: "x", olds, news: image() };
  expect(await refusing.call("Diff", request)).toEqual({ changes: "DIFF_SOME", diffs: ["build"] });
  const preview = properties(await refusing.call("Update", { ...request, preview: true }));
  expect(preview).toMatchObject({ imageName: `${repository}:api`, repoDigest: unknown });
  const state = properties(await recording.call("Update", request));
  expect(await refusing.call("Diff", { ...request, olds: state })).toEqual({
    changes: "DIFF_NONE",
  });
  expect(JSON.parse((await lines()).at(-1) ?? "")).toMatchObject({ operation: "update" });
});

test("a refresh finds what was recorded, and a deletion leaves it", async () => {
  const state = await made(image());
  const before = await lines();
  const request = { type, id: `${repository}:api`, inputs: image(), properties: state };
  const read = await refusing.call("Read", request);
  expect(read["inputs"]).toEqual(image());
  expect(properties(read)).toEqual(state);
  expect(await refusing.call("Delete", request)).toEqual({});
  expect(await lines()).toEqual(before);
});
