import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ownProgram from "../../examples/ownProgram/index.ts";
import { type InfoServer, serveInfo } from "../support/dockerInfo.ts";
import { deploy, holdsSecret, plain } from "../support/engine.ts";

const folder = mkdtempSync(join(tmpdir(), "turnkey-example-"));
const environment = { ...process.env };
let engine: InfoServer;

beforeAll(async () => {
  engine = await serveInfo({ OperatingSystem: "Debian GNU/Linux 12 (bookworm)" });
  const home = { XDG_DATA_HOME: folder, XDG_CACHE_HOME: folder };
  Object.assign(process.env, { DOCKER_HOST: engine.url, ...home });
});

afterAll(async () => {
  process.env = environment;
  await engine[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

test("a program of one's own runs the media backend and an application beside it", async () => {
  const { ofType, result } = await deploy(ownProgram, { stack: "own" });
  const containers = ofType("docker:index/container:Container");
  expect(containers.map((it) => it.name)).toEqual(
    expect.arrayContaining(["media-livekit", "media-api", "media-edge", "app"]),
  );
  expect(result).toMatchObject({ livekitUrl: "ws://127.0.0.1:17880" });
});

test("the application gets the URL in clear and the key as a secret file", async () => {
  const { resources } = await deploy(ownProgram, { stack: "own" });
  const { uploads, ...rest } = resources.find((it) => it.name === "app")?.inputs ?? {};
  expect(holdsSecret(uploads)).toBe(true);
  expect(holdsSecret(rest)).toBe(false);
  expect(plain(rest)).toMatchObject({
    envs: ["LIVEKIT_URL=ws://127.0.0.1:17880", "LIVEKIT_KEY_FILE=/run/livekit-key.json"],
  });
});
