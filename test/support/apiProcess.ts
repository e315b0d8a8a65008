/** The bundled API server as a process of its own, with a LiveKit that answers health checks. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeBundle } from "../../api/bundle.ts";
import { type ApiEnv, renderApiEnv } from "../../turn/apiEnv.ts";
import { signApiToken } from "../../turn/apiToken.ts";
import { IceSources } from "../../turn/iceSources.ts";
import { RoomGrants } from "../../turn/roomGrants.ts";
import { secrets } from "./api.ts";
import { livekitHttp } from "./livekitHttp.ts";
import { issue } from "./pki.ts";
import { portOf } from "./portOf.ts";
import { until } from "./until.ts";

export interface ApiProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly port: number;
  /** `http://127.0.0.1:PORT`. */
  readonly base: string;
  readonly metricsUrl: string;
  /** Everything printed so far. */
  readonly output: () => string;
  /** Resolves once the process ended, to its exit code or signal. */
  readonly ended: Promise<number | string | null>;
  /** The header of a user who is signed in for an hour. */
  readonly signedIn: (subject: string) => Promise<{ authorization: string }>;
}

const DAY_MS = 86_400_000;

/** So many ports of 127.0.0.1 that were free until now. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((it) => once(it, "listening")));
  const ports = servers.map(portOf);
  await Promise.all(servers.map((it) => once(it.close(), "close")));
  return ports;
}

/** Bundles the server, starts it with these changes to its environment, and waits until it answers. */
export async function apiProcess(changes: Partial<ApiEnv> = {}): Promise<ApiProcess> {
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "turnkey-api-"));
  started.defer(() => rm(folder, { recursive: true }));
  const write = async (name: string, content: unknown) => {
    const path = join(folder, name);
    const text = typeof content === "string" ? content : JSON.stringify(content);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  const certificate = await issue({
    subject: "a",
    ip: ["127.0.0.1"],
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + DAY_MS),
  });
  const livekit = started.use(await livekitHttp());
  const [port = 0, metricsPort = 0] = await freePorts(2);
  const env = renderApiEnv({
    HOST: "127.0.0.1",
    PORT: port,
    METRICS_HOST: "127.0.0.1",
    METRICS_PORT: metricsPort,
    LIVEKIT_HTTP_URL: livekit.url,
    LIVEKIT_URL: "ws://127.0.0.1:7880",
    ICE_URLS: ["stun:127.0.0.1:443", "turn:127.0.0.1:443?transport=udp"],
    CREDENTIAL_TTL_SECONDS: 3600,
    ROOM_TOKEN_TTL_SECONDS: 600,
    KEY_GENERATION: 1,
    ROOM_GRANTS: RoomGrants.parse({}),
    USER_REQUESTS_PER_MINUTE: 1_000_000,
    ADDRESS_REQUESTS_PER_MINUTE: 1_000_000,
    CORS_ORIGINS: [],
    ROOM_KEY_FILE: await write("room-key", secrets.roomKey),
    TURN_KEY_FILE: await write("turn-key", secrets.turnKey),
    SIGN_IN_FILE: await write("sign-in", { kind: "jwt", secret: secrets.apiJwtSecret }),
    ICE_SOURCES_FILE: await write("ice-sources", IceSources.parse(undefined)),
    VERIFIER_KEY_FILE: await write("verifier-key", "canary-verifier-key-0123456789abcdef"),
    BLOCKED_USERS_FILE: await write("blocked-users", []),
    CERTIFICATE_FILE: await write("certificate.pem", certificate.pem),
    USER_ID_KEY_FILE: await write("user-id-key", secrets.userIdKey),
    ...changes,
  });
  const { path } = await writeBundle("api", folder);
  const child = spawn(process.execPath, [path], { cwd: folder, env });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
  const ended = once(child, "close").then(
    ([code, signal]: (number | string | null)[]) => code ?? signal ?? null,
  );
  started.defer(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const base = `http://127.0.0.1:${port}`;
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`the API ended:\n${printed}`);
    return (await fetch(`${base}/healthz`).catch(() => undefined))?.ok;
  }, 60_000);
  const parts = started.move();
  return {
    child,
    port,
    base,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    output: () => printed,
    ended,
    signedIn: async (subject) => {
      const claims = { subject, ttlSeconds: 3600, now: new Date() };
      return { authorization: `Bearer ${await signApiToken(secrets.apiJwtSecret, claims)}` };
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
