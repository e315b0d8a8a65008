import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { transform } from "esbuild";

const source = join(import.meta.dirname, "..", "..", "scripts", "bootstrap.mjs");

/** An npm that notes how it was called, and installs or does what `NPM_DOES` says. */
const fakeNpm = `
  const { appendFileSync, mkdirSync, symlinkSync } = require("node:fs");
  if (process.argv[2] === "--version") { console.log(process.env.NPM_VERSION || "10.9.0"); process.exit(); }
  appendFileSync("npm.log", process.argv.slice(2).join(" ") + "\\n");
  if (process.env.NPM_DOES === "fail") { console.error("npm error code ENOTFOUND"); process.exit(1); }
  if (process.env.NPM_DOES === "hang") setTimeout(() => {}, 20000);
  else {
    mkdirSync("node_modules/.bin", { recursive: true });
    try { symlinkSync(process.execPath, "node_modules/.bin/node"); } catch {}
  }
`;
const fakeCli = `
  const [command]: string[] = process.argv.slice(2);
  if (command === "wait") { process.on("SIGTERM", () => process.exit(9)); setTimeout(() => {}, 20000); }
  console.log(JSON.stringify({ args: process.argv.slice(2), path: process.env.PATH }));
  process.exitCode = command === "fail" ? 3 : 0;
`;

// Every run starts three or four processes.
jest.setTimeout(30_000);

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "turnkey-bootstrap-"));
  mkdirSync(join(root, "scripts"));
  cpSync(source, join(root, "scripts", "bootstrap.mjs"));
  writeFileSync(join(root, "scripts", "cli.ts"), fakeCli);
  writeFileSync(join(root, "package.json"), `{"type":"module"}`);
  writeFileSync(join(root, "package-lock.json"), "{}");
  mkdirSync(join(root, "npm"));
  writeFileSync(join(root, "npm", "package.json"), `{"type":"commonjs"}`);
  writeFileSync(join(root, "npm", "npm-cli.js"), fakeNpm);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function start(args: string[], env: Record<string, string> = {}) {
  const npm = { npm_execpath: join(root, "npm", "npm-cli.js") };
  const child = spawn(process.execPath, [join(root, "scripts", "bootstrap.mjs"), ...args], {
    env: { PATH: process.env["PATH"], ...npm, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const code = new Promise<number | null>((resolve) => {
    child.once("close", (it) => resolve(it));
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  return {
    child,
    ended: output.then(async ([stdout, stderr]) => ({ code: await code, stdout, stderr })),
  };
}
const run = (args: string[], env?: Record<string, string>) => start(args, env).ended;

const installs = () =>
  existsSync(join(root, "npm.log"))
    ? readFileSync(join(root, "npm.log"), "utf8").trim().split("\n")
    : [];

async function until(condition: () => boolean) {
  for (let i = 0; i < 200 && !condition(); i++) await sleep(20);
  expect(condition()).toBe(true);
}

test("it needs no syntax newer than Node 18's", async () => {
  const code = readFileSync(source, "utf8");
  const lowered = await transform(code, { target: "node18" });
  expect(lowered.code).toBe((await transform(code, { target: "esnext" })).code);
});

describe("the dependencies", () => {
  test("are installed the first time, without scripts and without touching the lock", async () => {
    const { code, stderr } = await run(["up"]);
    expect(code).toBe(0);
    expect(installs()).toHaveLength(1);
    expect(installs()[0]).toMatch(/^install --no-save --ignore-scripts --no-audit --no-fund/);
    expect(stderr).toMatch(/installing the dependencies: done/);
  });

  test("are left alone the second time, silently", async () => {
    await run(["up"]);
    expect((await run(["up"])).stderr).toBe("");
    expect(installs()).toHaveLength(1);
  });

  test.each(["package.json", "package-lock.json"])(
    "are installed again after a change of %s",
    async (name) => {
      await run(["up"]);
      writeFileSync(join(root, name), `{ "type": "module" }`);
      await run(["up"]);
      expect(installs()).toHaveLength(2);
    },
  );

  test("are installed again when node_modules is gone", async () => {
    await run(["up"]);
    rmSync(join(root, "node_modules"), { recursive: true });
    expect((await run(["up"])).code).toBe(0);
    expect(installs()).toHaveLength(2);
  });

  test("are installed again after an install that was cut short, and its npm is gone", async () => {
    const { child, ended } = start(["up"], { NPM_DOES: "hang" });
    await until(() => installs().length === 1);
    child.kill("SIGTERM");
    expect((await ended).code).toBeNull();
    expect((await run(["up"])).code).toBe(0);
    expect(installs()).toHaveLength(2);
  });

  test("that npm cannot install end it with npm's last words and the mend", async () => {
    const { code, stdout, stderr } = await run(["up"], { NPM_DOES: "fail" });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/npm error code ENOTFOUND/);
    expect(stderr).toMatch(
      /could not install the dependencies \(exit code 1\)\n {2}the package registry cannot be reached/,
    );
  });

  test("are not tried with an npm that is too old", async () => {
    const { code, stderr } = await run(["up"], { NPM_VERSION: "6.14.18" });
    expect({ code, installs: installs() }).toEqual({ code: 1, installs: [] });
    expect(stderr).toMatch(/npm 6\.14\.18 is too old: npm 8 or newer is needed/);
  });

  test("cannot be installed without npm, and that is said", async () => {
    const { code, stderr } = await run(["up"], { npm_execpath: "", PATH: join(root, "scripts") });
    expect(code).toBe(1);
    expect(stderr).toMatch(/npm was not found/);
  });
});

describe("the command line", () => {
  test("gets the arguments, and our programs first on PATH", async () => {
    await run(["up"]);
    const { stdout } = await run(["up", "--stack", "a b"]);
    expect(JSON.parse(stdout)).toMatchObject({
      args: ["up", "--stack", "a b"],
      path: expect.stringMatching(`^${join(root, "node_modules", ".bin")}:`),
    });
  });

  test("decides the exit code", async () => {
    expect((await run(["fail"])).code).toBe(3);
  });

  test("gets the signals", async () => {
    await run(["up"]);
    const { child, ended } = start(["wait"]);
    await new Promise((resolve) => {
      child.stdout.once("data", resolve);
    });
    child.kill("SIGTERM");
    expect((await ended).code).toBe(9);
  });
});
