import { afterAll, beforeAll, expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import turnkey from "../index.ts";
import { lanChoiceFile } from "../machine/lanChoice.ts";
import { StackOutputs } from "../turn/outputs.ts";
import { type InfoServer, serveInfo } from "./support/dockerInfo.ts";
import { deploy, valueOf } from "./support/engine.ts";

const { config } = z
  .object({ config: z.record(z.string(), z.string()) })
  .parse(parse(readFileSync(join(import.meta.dirname, "..", "Pulumi.dev.yaml"), "utf8")));

const folder = mkdtempSync(join(tmpdir(), "turnkey-index-"));
const environment = { ...process.env };
let engine: InfoServer;

beforeAll(async () => {
  engine = await serveInfo({ OperatingSystem: "Debian GNU/Linux 12 (bookworm)" });
  Object.assign(process.env, {
    DOCKER_HOST: engine.url,
    XDG_DATA_HOME: folder,
    XDG_CACHE_HOME: folder,
  });
});

afterAll(async () => {
  process.env = environment;
  await engine[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

test("stack dev declares this tree of resources", async () => {
  const { resources } = await deploy(turnkey, { stack: "dev", config });
  expect(resources.map((it) => `${it.name} ${it.type}`).toSorted()).toMatchSnapshot();
});

test("stack dev exports what the schema of outputs says, its secrets as secrets", async () => {
  const { result } = await deploy(turnkey, { stack: "dev", config });
  const outputs = await valueOf(pulumi.output(result));
  expect(StackOutputs.parse(outputs)).toMatchObject({
    apiUrl: "http://127.0.0.1:7890",
    livekitUrl: "ws://127.0.0.1:7880",
    containers: { livekit: "turnkey-dev-livekit", api: "turnkey-dev-api" },
  });
  const secrets = await Promise.all(
    Object.entries(result).map(async ([name, it]) => [
      name,
      await pulumi.isSecret(pulumi.output(it)),
    ]),
  );
  expect(secrets.filter(([, secret]) => secret).map(([name]) => name)).toEqual([
    "verifierKey",
    "roomKey",
    "turnKey",
    "apiJwtSecret",
  ]);
});

test("a wrong setting stops the program before any resource", async () => {
  const registered: string[] = [];
  const wrong = { ...config, "turnkey:turn": '{"tlsPort":444}' };
  await expect(
    deploy(turnkey, { config: wrong }).then((it) => registered.push(...it.resources.map(String))),
  ).rejects.toThrow("turn.tlsPort: given 444, wanted 53, 80, 443, or 1024 and above");
  expect(registered).toEqual([]);
});

test("the choice to serve a LAN is the stack's own, and stops the program where it cannot be followed", async () => {
  const file = lanChoiceFile("chosen");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '{"address":"203.0.113.250"}');
  await expect(deploy(turnkey, { stack: "chosen", config })).rejects.toThrow(
    "the address to serve the LAN at, 203.0.113.250, is not one of this machine",
  );
  await expect(deploy(turnkey, { stack: "dev", config })).resolves.toBeDefined();
});
