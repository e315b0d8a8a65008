import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
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

// Bundling and starting Node take long where every core is busy with other suites.
jest.setTimeout(30_000);

let folder = "";
let bundle = { path: "", sha256: "" };
let demoPage = bundle;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "turnkey-bundle-"));
  ({ api: bundle, demoPage } = await writeBundles(join(folder, "out")));
});
afterAll(() => rm(folder, { recursive: true }));

test.each(["api", "demoPage"] as const)(
  "the same sources give the same bytes, wherever they are written: %s",
  async (name) => {
    const first = { api: bundle, demoPage }[name];
    const again = await writeBundle(name, join(folder, "again"));
    expect(again.sha256).toBe(first.sha256);
    expect(await readFile(again.path)).toEqual(await readFile(first.path));
  },
);

test("no bundle tells where it was made", async () => {
  for (const { path } of [bundle, demoPage])
    expect(await readFile(path, "utf8")).not.toContain(process.cwd());
});

describe("the demo page", () => {
  test("loads exactly its assets, by names that change with their contents, and nothing from elsewhere", () => {
    const { html, assets } = readPage(demoPage.path);
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url);
    const names = Object.keys(assets).map((name) => `/demo/${name}`);
    expect(new Set(loaded)).toEqual(new Set(["data:,", ...names]));
    for (const name of names) expect(name).toMatch(/-[A-Z0-9]{8}\.(?:js|css)$/);
  });

  test("has no script or style within its HTML, which its policy would refuse", () => {
    const { html } = readPage(demoPage.path);
    expect(html).not.toMatch(/<style|style=|<script(?![^>]* src=)|\son\w+=/);
  });
});

async function write(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content, { mode: 0o600 });
  return path;
}

const envOn = async (port: number) =>
  renderApiEnv({
    HOST: "127.0.0.1",
    PORT: port,
    LIVEKIT_URL: "ws://127.0.0.1:7880",
    ICE_URLS: ["stun:127.0.0.1:443", "turn:127.0.0.1:443?transport=udp"],
    CREDENTIAL_TTL_SECONDS: 3600,
    ROOM_TOKEN_TTL_SECONDS: 600,
    ROOM_KEY_FILE: await write("room-key", JSON.stringify(secrets.roomKey)),
    TURN_KEY_FILE: await write("turn-key", JSON.stringify(secrets.turnKey)),
    API_JWT_SECRET_FILE: await write("api-jwt-secret", secrets.apiJwtSecret),
    USER_ID_KEY_FILE: await write("user-id-key", secrets.userIdKey),
    DEMO_PAGE_FILE: demoPage.path,
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
    const { server, output } = run(await envOn(port));
    expect(await exitCode(server)).toBe(1);
    expect(output.join("")).toContain(`address already in use 127.0.0.1:${port}`);
  });

  test("serves every route and stops cleanly on SIGTERM", async () => {
    const { port, taken } = await takePort();
    taken.close();
    await once(taken, "close");
    const { server, output } = run(await envOn(port));
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
    expect(IceConfig.parse(await ice.json()).ttl).toBe(3600);
    const webrtc = await fetch(`${base}/api/v1/calls/webrtc-config`, { headers });
    expect(WebrtcConfig.parse(await webrtc.json()).data.iceServers).toHaveLength(2);
    const room = await fetch(`${base}/api/livekit/token`, { method: "POST", headers });
    expect(room.status).toBe(201);
    expect(await room.json()).toHaveProperty("server_url", "ws://127.0.0.1:7880");
    expect((await fetch(`${base}/api/livekit/ice-config`)).status).toBe(401);

    expect(await (await fetch(`${base}/demo`)).text()).toBe(readPage(demoPage.path).html);

    const exit = exitCode(server);
    server.kill("SIGTERM");
    expect(await exit).toBe(0);
    expect(output.join("")).not.toContain("canary");
  });
});
