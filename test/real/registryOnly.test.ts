import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { installStandIns } from "../../registry-only/install.ts";
import { isRunning, until } from "../support/until.ts";

const cliVersion = "3.259.0";
const cli =
  process.env["TURNKEY_PULUMI"] ??
  join(
    process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi"),
    "versions",
    cliVersion,
    "bin/pulumi",
  );

// As Turnkey's own Pulumi.yaml: an ES module whose types Node strips.
const files = {
  "Pulumi.yaml": "name: sample\nruntime: { name: nodejs, options: { typescript: false } }\n",
  "package.json": '{ "name": "sample", "type": "module", "main": "index.ts" }',
  "index.ts": `
    import * as pulumi from "@pulumi/pulumi";
    import * as docker from "@pulumi/docker";
    import * as random from "@pulumi/random";
    import * as tls from "@pulumi/tls";
    import { certificatePem, privateKeyPem } from "./ca.ts";

    const config: pulumi.Config = new pulumi.Config();
    const suffix: string = config.require("suffix");
    const password = new random.RandomPassword("password", {
      length: config.getNumber("length") ?? 43,
      special: false,
    });
    const key = new tls.PrivateKey("key", { algorithm: "ECDSA", ecdsaCurve: "P256" });
    const request = new tls.CertRequest("request", {
      privateKeyPem: key.privateKeyPem,
      subject: { commonName: "127.0.0.1" },
      ipAddresses: ["127.0.0.1"],
    });
    const certificate = new tls.LocallySignedCert("certificate", {
      certRequestPem: request.certRequestPem,
      caCertPem: certificatePem,
      caPrivateKeyPem: pulumi.secret(privateKeyPem),
      allowedUses: ["digital_signature", "server_auth"],
      validityPeriodHours: 24,
      earlyRenewalHours: 2,
    });
    new docker.Network("network", { name: "turnkey-real-" + suffix });
    new docker.Volume("volume", { name: "turnkey-real-" + suffix });
    if (config.getBoolean("wait")) await new Promise(() => setInterval(() => {}, 1000));
    if (config.getBoolean("wrong")) new random.RandomPet("pet");

    export const secret = password.result;
    export const keyPem = key.privateKeyPem;
    export const certPem = certificate.certPem;
  `,
};

let folder: string;
let state: string;
let pulumi: string;
let environment: NodeJS.ProcessEnv;
let ca: { certificatePem: string; privateKeyPem: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "turnkey-real-"));
  const [program, home] = [join(folder, "program"), join(folder, "home")];
  state = join(folder, "state");
  for (const path of [program, state]) await mkdir(path);
  for (const [name, text] of Object.entries(files)) await writeFile(join(program, name), text);
  const { createCa } = await import("../../machine/createCa.ts");
  ca = await createCa(new Date());
  const caModule = `export const certificatePem = ${JSON.stringify(ca.certificatePem)};
    export const privateKeyPem = ${JSON.stringify(ca.privateKeyPem)};`;
  await writeFile(join(program, "ca.ts"), caModule);
  await symlink(join(process.cwd(), "node_modules"), join(program, "node_modules"));
  await installStandIns({ pulumiHome: home, cliVersion, node: process.execPath });
  pulumi = join(home, "versions", cliVersion, "bin/pulumi");
  await cp(cli, pulumi);
  const { PULUMI_CONFIG: _, ...env } = process.env;
  environment = {
    ...env,
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: "only for this test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PATH: `${join(process.cwd(), "node_modules/.bin")}:${process.env["PATH"] ?? ""}`,
  };
  await run("stack", "init", "dev");
  await run("config", "set", "suffix", folder.slice(-6).toLowerCase());
}, 60_000);

afterAll(async () => {
  await attempt("destroy", "--yes", "--skip-preview");
  await rm(folder, { recursive: true });
}, 60_000);

function start(...args: string[]) {
  return spawn(
    pulumi,
    [...args, "--non-interactive", "--color=never", "--cwd", join(folder, "program")],
    {
      env: environment,
    },
  );
}

async function attempt(...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = start(...args);
  let output = "";
  child.stdout.on("data", (text: Buffer) => (output += text.toString()));
  child.stderr.on("data", (text: Buffer) => (output += text.toString()));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
}

async function run(...args: string[]): Promise<string> {
  const { code, output } = await attempt(...args);
  if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${output}`);
  return output;
}

const outputs = async (): Promise<{ secret: string; keyPem: string; certPem: string }> =>
  JSON.parse(await run("stack", "output", "--json", "--show-secrets"));

async function stored(): Promise<string> {
  const names = await readdir(state, { recursive: true, withFileTypes: true });
  const paths = names.filter((it) => it.isFile()).map((it) => join(it.parentPath, it.name));
  return (await Promise.all(paths.map((path) => readFile(path, "utf8")))).join("\n");
}

describe("the life of a stack on a machine that reaches only package registries", () => {
  test("a preview makes nothing", async () => {
    expect(await run("preview")).toMatch(/\+ 7 to create/);
  }, 60_000);

  test("an update makes everything, and its secrets never stand plain in the state", async () => {
    expect(await run("up", "--yes", "--skip-preview")).toMatch(/\+ 7 created/);
    const { secret, keyPem } = await outputs();
    expect(secret).toMatch(/^[A-Za-z0-9]{43}$/);
    const text = await stored();
    expect(text).toContain("CERTIFICATE");
    // The first line of a key's PEM holds its private half; the last one only the public half.
    const lines = [keyPem, ca.privateKeyPem].map((pem) => pem.split("\n")[1] ?? pem);
    expect([secret, ...lines].filter((plain) => text.includes(plain))).toEqual([]);
    expect(text).not.toMatch(/PRIVATE KEY/);
  }, 60_000);

  test("a second update and a refresh change nothing", async () => {
    const before = await outputs();
    expect(await run("up", "--yes", "--skip-preview", "--refresh")).toMatch(/7 unchanged/);
    expect(await run("refresh", "--yes", "--expect-no-changes")).toMatch(/7 unchanged/);
    expect(await outputs()).toEqual(before);
  }, 60_000);

  test("a changed input replaces its resource and leaves the others", async () => {
    const before = await outputs();
    await run("config", "set", "length", "50");
    expect(await run("up", "--yes", "--skip-preview")).toMatch(/\+-1 replaced\s+6 unchanged/);
    const after = await outputs();
    expect(after.secret).toHaveLength(50);
    expect(after.certPem).toBe(before.certPem);
  }, 60_000);

  test("a kind that no stand-in knows is refused by name", async () => {
    await run("config", "set", "wrong", "true");
    const { code, output } = await attempt("preview");
    await run("config", "rm", "wrong");
    expect(code).not.toBe(0);
    expect(output).toContain("the registry-only stand-in for random does not know resource kind");
  }, 60_000);

  test("no process of ours outlives a CLI that was killed", async () => {
    await run("config", "set", "wait", "true");
    const child = start("preview");
    const pids = await until(async () => {
      const found = await processesUnder(folder);
      return found.length >= 4 ? found : undefined;
    }, 20_000);
    child.kill("SIGKILL");
    await until(() => (pids.some(isRunning) ? undefined : true), 5_000);
    await run("config", "rm", "wait");
  }, 60_000);

  test("a destroy leaves nothing", async () => {
    await attempt("cancel", "--yes");
    expect(await run("destroy", "--yes", "--skip-preview")).toMatch(/- 7 deleted/);
  }, 60_000);
});

/** The host and the plugins that were started from a folder, and the program that the host runs. */
async function processesUnder(path: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return pids
    .filter((_, i) => lines[i]?.includes(path) && !lines[i].includes("bin/pulumi\0"))
    .map(Number);
}
