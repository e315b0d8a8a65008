import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { writeBundle, writeBundles } from "../../api/bundle.ts";
import { readPage } from "../../api/page.ts";
import { renderApiEnv } from "../../turn/apiEnv.ts";
import { signApiToken } from "../../turn/apiToken.ts";
import { IceConfig, WebrtcConfig } from "../../turn/iceConfig.ts";
import { secrets } from "../support/api.ts";
import { freePorts } from "../support/livekit.ts";
import { sampleEnv } from "../support/apiEnv.ts";

// Bundling and starting Node take long where every core is busy with other suites.
jest.setTimeout(30_000);

let folder = "";
let bundle = { path: "", sha256: "" };
let demoPage = bundle;
let diagnosticsPage = bundle;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "turnkey-bundle-"));
  ({ api: bundle, demoPage, diagnosticsPage } = await writeBundles(join(folder, "out")));
});
afterAll(() => rm(folder, { recursive: true }));

test.each(["api", "demoPage", "diagnosticsPage"] as const)(
  "the same sources give the same bytes, wherever they are written: %s",
  async (name) => {
    const first = { api: bundle, demoPage, diagnosticsPage }[name];
    const again = await writeBundle(name, join(folder, "again"));
    expect(again.sha256).toBe(first.sha256);
    expect(await readFile(again.path)).toEqual(await readFile(first.path));
  },
);

test("everybody can read a bundle, whoever made it: a process that owns nothing runs it", async () => {
  const umask = process.umask(0o077);
  try {
    const { path } = await writeBundle("demoPage", join(folder, "private"));
    expect(((await stat(path)).mode & 0o777).toString(8)).toBe("644");
  } finally {
    process.umask(umask);
  }
});

test("no bundle tells where it was made", async () => {
  for (const { path } of [bundle, demoPage, diagnosticsPage])
    expect(await readFile(path, "utf8")).not.toContain(process.cwd());
});

describe.each(["demo", "diagnostics"])("the %s page", (name) => {
  const made = () => readPage((name === "demo" ? demoPage : diagnosticsPage).path);

  test("loads exactly its assets, by names that change with their contents, and nothing from elsewhere", () => {
    const { html, assets } = made();
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url);
    const names = Object.keys(assets).map((asset) => `/${name}/${asset}`);
    expect(new Set(loaded)).toEqual(new Set(["data:,", ...names]));
    for (const it of names) expect(it).toMatch(/-[A-Z0-9]{8}\.(?:js|css)$/);
  });

  test("has no script or style within its HTML, which its policy would refuse", () => {
    const { html } = made();
    expect(html).not.toMatch(/<style|style=|<script(?![^>]* src=)|\son\w+=/);
  });
});

async function write(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content, { mode: 0o600 });
  return path;
}

const envOn = async (port: number, metricsPort: number) =>
  renderApiEnv({
    ...sampleEnv,
    PORT: port,
    METRICS_PORT: metricsPort,
    ROOM_KEY_FILE: await write("room-key", JSON.stringify(secrets.roomKey)),
    TURN_KEY_FILE: await write("turn-key", JSON.stringify(secrets.turnKey)),
    SIGN_IN_FILE: await write(
      "sign-in",
      JSON.stringify({ kind: "jwt", secret: secrets.apiJwtSecret }),
    ),
    ICE_SOURCES_FILE: await write("ice-sources", JSON.stringify([{ kind: "livekit" }])),
    VERIFIER_KEY_FILE: await write("verifier-key", "v".repeat(43)),
    USER_ID_KEY_FILE: await write("user-id-key", secrets.userIdKey),
    BLOCKED_USERS_FILE: await write("blocked-users", "[]"),
    DEMO_PAGE_FILE: demoPage.path,
    DIAGNOSTICS_PAGE_FILE: diagnosticsPage.path,
  });

const running: ChildProcess[] = [];
const listening: Server[] = [];
afterEach(() => {
  for (const server of running.splice(0)) server.kill("SIGKILL");
  for (const server of listening.splice(0)) server.close();
});

/** A server on a port of 127.0.0.1 that was free until now. */
async function takePort(): Promise<{ port: number; taken: Server }> {
  const taken = createServer().listen(0, "127.0.0.1");
  listening.push(taken);
  await once(taken, "listening");
  const address = taken.address();
  if (address === null || typeof address === "string") throw new Error("no port was taken");
  return { port: address.port, taken };
}

function run(env: Readonly<Record<string, string>>) {
  // Nothing but the bundle: no node_modules lies above the folder it runs in.
  const server = spawn(process.execPath, [bundle.path], { cwd: folder, env });
  running.push(server);
  const output: string[] = [];
  for (const stream of [server.stdout, server.stderr])
    stream.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  return { server, output };
}

async function exitCode(server: ChildProcess): Promise<unknown> {
  const [code] = await once(server, "close");
  return code;
}

describe("the bundle, run by Node alone", () => {
  test("says everything it lacks and stops with code 1", async () => {
    const { server, output } = run({});
    expect(await exitCode(server)).toBe(1);
    expect(output.join("")).toContain("ROOM_KEY_FILE is not set");
    expect(output.join("")).not.toContain("    at ");
  });

  test("says which port is taken and stops with code 1", async () => {
    const { port } = await takePort();
    const free = await freePorts(1);
    for (const env of [await envOn(port, free), await envOn(free, port)]) {
      const { server, output } = run(env);
      expect(await exitCode(server)).toBe(1);
      expect(output.join("")).toContain(`address already in use 127.0.0.1:${port}`);
    }
  });

  test("serves every route and stops cleanly on SIGTERM", async () => {
    const port = await freePorts(2);
    const { server, output } = run(await envOn(port, port + 1));
    const base = `http://127.0.0.1:${port}`;
    const healthy = () =>
      fetch(`${base}/healthz`).then(
        ({ status }) => status,
        () => undefined,
      );
    while (server.exitCode === null && (await healthy()) !== 200) await sleep(20);

    const claims = { subject: "ann", ttlSeconds: 60, now: new Date() };
    const token = await signApiToken(secrets.apiJwtSecret, claims);
    const headers = { authorization: `Bearer ${token}` };
    const ice = await fetch(`${base}/api/livekit/ice-config`, { headers });
    expect(IceConfig.parse(await ice.json()).ttl).toBe(sampleEnv.CREDENTIAL_TTL_SECONDS);
    const webrtc = await fetch(`${base}/api/v1/calls/webrtc-config`, { headers });
    expect(WebrtcConfig.parse(await webrtc.json()).data.iceServers).toHaveLength(2);
    const room = await fetch(`${base}/api/livekit/token`, { method: "POST", headers });
    expect(room.status).toBe(201);
    expect(await room.json()).toHaveProperty("server_url", "ws://127.0.0.1:7880");
    expect((await fetch(`${base}/api/livekit/ice-config`)).status).toBe(401);

    expect(await (await fetch(`${base}/demo`)).text()).toBe(readPage(demoPage.path).html);
    const diagnostics = await (await fetch(`${base}/diagnostics`)).text();
    expect(diagnostics).toBe(readPage(diagnosticsPage.path).html);
    const metrics = await (await fetch(`http://127.0.0.1:${port + 1}/metrics`)).text();
    expect(metrics).toContain("turnkey_api_room_tokens_total 1");

    const exit = exitCode(server);
    server.kill("SIGTERM");
    expect(await exit).toBe(0);
    expect(output.join("")).not.toContain("canary");
  });
});
