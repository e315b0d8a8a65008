import { execFile, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { installStandIns } from "../../registry-only/install.ts";
import { keyOf } from "../../registry-only/marker.ts";
import { removeStandIns, standInFolders, standInsInstalled } from "../../registry-only/remove.ts";
import { isRunning, until } from "../support/until.ts";

const cliVersion = "3.259.0";
const node = process.execPath;
const temporary = (name: string) => mkdtemp(join(tmpdir(), name));

// Bundled once: most tests begin with a copy, which works because nothing in it names its folder.
let template: string;
let pulumiHome: string;
beforeAll(async () => {
  template = await temporary("turnkey-home-");
  await installStandIns({ pulumiHome: template, cliVersion, node });
});
afterAll(() => rm(template, { recursive: true }));
beforeEach(async () => {
  pulumiHome = await temporary("turnkey's home-");
});
afterEach(() => rm(pulumiHome, { recursive: true }));

const copy = () => cp(template, pulumiHome, { recursive: true });
const install = () => installStandIns({ pulumiHome, cliVersion, node });
const states = async () => (await install()).map(({ state }) => state);
const bin = () => join(pulumiHome, "versions", cliVersion, "bin");
const pluginFolder = async (name: string) => {
  const folders = await readdir(join(pulumiHome, "plugins"));
  return join(pulumiHome, "plugins", folders.find((it) => it.includes(`-${name}-`)) ?? "");
};

test("the host comes beside the CLI and the providers under their SDK's version", async () => {
  await copy();
  const manifest = await readFile("node_modules/@pulumi/random/package.json", "utf8");
  const { version }: { version: string } = JSON.parse(manifest);
  expect(await pluginFolder("random")).toMatch(`resource-random-v${version}`);
  expect(await readdir(bin())).toContain("pulumi-language-nodejs");
  expect(await standInFolders(pulumiHome)).toHaveLength(5);
});

test("what has not changed is not installed again", async () => {
  await copy();
  const plugins = ["random", "tls", "docker", "aws"].map((name) => `resource-${name}`);
  const names = ["language-nodejs", ...plugins];
  expect(await install()).toEqual(
    names.map((name) => ({ name: `pulumi-${name}`, state: "unchanged" })),
  );
  const marker = join(bin(), "turnkey-stand-in");
  await writeFile(marker, (await readFile(marker, "utf8")).replace(/^key .*/m, "key old"));
  expect(await states()).toEqual(["installed", ...Array(4).fill("unchanged")]);
  expect(await states()).toEqual(Array(5).fill("unchanged"));
});

test("the key of a stand-in changes with its Node and with its sources", async () => {
  const source = "registry-only/random/kinds.ts";
  const keys = await Promise.all([
    keyOf("/a/node", [source]),
    keyOf("/another/node", [source]),
    keyOf("/a/node", [source, "registry-only/random/drawText.ts"]),
  ]);
  expect(new Set(keys).size).toBe(3);
});

test("an installation that was broken off is repeated, and can be removed", async () => {
  await copy();
  await writeFile(join(bin(), "turnkey-stand-in"), "unfinished\n");
  expect(await states()).toEqual(["installed", ...Array(4).fill("unchanged")]);
  await writeFile(join(bin(), "turnkey-stand-in"), "unfinished\n");
  await removeStandIns(pulumiHome);
  expect(await standInsInstalled(pulumiHome)).toBe(false);
});

test("an official executable is left alone, at installation and at removal", async () => {
  await copy();
  const official = join(bin(), "pulumi-language-nodejs");
  await writeFile(official, "the real one");
  expect(await states()).toEqual(["official", ...Array(4).fill("unchanged")]);

  const tls = join(await pluginFolder("tls"), "pulumi-resource-tls");
  await writeFile(tls, "took its place");
  await removeStandIns(pulumiHome);
  expect(await readFile(official, "utf8")).toBe("the real one");
  expect(await readFile(tls, "utf8")).toBe("took its place");
  expect(await readdir(await pluginFolder("tls"))).toEqual(["pulumi-resource-tls"]);
});

test("everything that carries the marker is removed, of whatever version, and nothing else", async () => {
  await copy();
  await writeFile(join(bin(), "pulumi"), "the CLI");
  await mkdir(join(pulumiHome, "plugins", "resource-aws-v7.0.0"));
  await cp(bin(), join(pulumiHome, "versions", "3.1.0", "bin"), { recursive: true });
  expect(await removeStandIns(pulumiHome)).toHaveLength(6);
  expect(await readdir(bin())).toEqual(["pulumi"]);
  expect(await readdir(join(pulumiHome, "versions", "3.1.0", "bin"))).toEqual(["pulumi"]);
  expect(await readdir(join(pulumiHome, "plugins"))).toEqual(["resource-aws-v7.0.0"]);
  expect(await standInsInstalled(pulumiHome)).toBe(false);
  expect(await removeStandIns(pulumiHome)).toEqual([]);
});

test("a stand-in prints its port and ends with its caller's pipe, away from the checkout", async () => {
  await copy();
  for (const name of ["random", "tls", "docker"]) {
    const plugin = spawn(
      join(await pluginFolder(name), `pulumi-resource-${name}`),
      ["127.0.0.1:1"],
      {
        cwd: pulumiHome,
      },
    );
    const line = await new Promise<string>((resolve) =>
      plugin.stdout.once("data", (text: Buffer) => resolve(text.toString())),
    );
    expect(line).toMatch(/^\d+\n$/);
    plugin.stdin.destroy();
    try {
      await until(() => (plugin.exitCode === 0 ? true : undefined), 3_000);
    } finally {
      plugin.kill("SIGKILL");
    }
  }
});

test("a stand-in ends when its caller is killed", async () => {
  await copy();
  const host = join(bin(), "pulumi-language-nodejs");
  const script = `
    const child = require("node:child_process").spawn(process.argv[1], ["127.0.0.1:1"]);
    child.stdout.once("data", () => { console.log(child.pid); process.kill(process.pid, "SIGKILL"); });`;
  const run = promisify(execFile)(process.execPath, ["-e", script, host]);
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  const pid = Number(stdout);
  expect(pid).toBeGreaterThan(0);
  try {
    await until(() => (isRunning(pid) ? undefined : true), 3_000);
  } finally {
    if (isRunning(pid)) process.kill(pid, "SIGKILL");
  }
});
