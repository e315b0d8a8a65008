/** Servers that the benchmark of the API starts, each on the first core, with their log thrown away. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { writeBundle } from "../api/bundle.ts";
import { sampleEnv } from "../test/support/apiEnv.ts";
import { renderApiEnv } from "../turn/apiEnv.ts";

/** The core of the servers; the load comes from the other one. */
const SERVER_CORE = "0";
export const LOAD_CORE = "1";

/** Beside those of a stack, and of the test suites. */
const PORTS = { api: 19_390, metrics: 19_391, fastify: 19_392, node: 19_393 } as const;

export interface Running {
  readonly url: string;
  /** Memory of the process in MiB (VmRSS). */
  memoryMib(): number;
  stop(): Promise<void>;
}

const pinned = (args: readonly string[], env: Readonly<Record<string, string>>) =>
  spawn("taskset", ["-c", SERVER_CORE, process.execPath, ...args], {
    env: { ...env, PATH: process.env["PATH"] ?? "" },
    stdio: ["ignore", "ignore", "pipe"],
  });

function running(child: ChildProcess, port: number, after: () => void = () => undefined): Running {
  return {
    url: `http://127.0.0.1:${port}`,
    memoryMib: () =>
      Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) /
      1024,
    stop: async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
      after();
    },
  };
}

/** Resolves when a server answers at all; throws with what it said when it ended instead. */
async function answering(it: Running, child: ChildProcess): Promise<Running> {
  const said: string[] = [];
  child.stderr?.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  for (;;) {
    if (child.exitCode !== null) throw new Error(`a server ended\n${said.join("")}`);
    // oxlint-disable-next-line no-await-in-loop -- asks until it answers
    const answer = await fetch(it.url).catch(() => undefined);
    if (answer) return it;
    // oxlint-disable-next-line no-await-in-loop -- a pause between two tries
    await sleep(50);
  }
}

/** One of the servers of `apiServers.ts`. */
export async function startBare(kind: "fastify" | "node", secret: string): Promise<Running> {
  const port = PORTS[kind];
  const file = join(import.meta.dirname, "apiServers.ts");
  const child = pinned([file, kind, `${port}`, secret], {});
  return answering(running(child, port), child);
}

const keyPair = (name: string) => JSON.stringify({ key: name, secret: `${name}-`.padEnd(43, "x") });

/** The API as it is deployed: the bundle, its environment and its secret files. Limits are on, and out of reach. */
export async function startApi(secret: string): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), "turnkey-bench-api-"));
  const { path } = await writeBundle("api", folder);
  const file = (name: string, text: string) => {
    const it = join(folder, name);
    writeFileSync(it, text, { mode: 0o600 });
    return it;
  };
  const env = renderApiEnv({
    ...sampleEnv,
    PORT: PORTS.api,
    METRICS_PORT: PORTS.metrics,
    USER_REQUESTS_PER_MINUTE: 1_000_000,
    ADDRESS_REQUESTS_PER_MINUTE: 1_000_000,
    ROOM_KEY_FILE: file("room-key", keyPair("ROOM")),
    TURN_KEY_FILE: file("turn-key", keyPair("TURN")),
    SIGN_IN_FILE: file("sign-in", JSON.stringify({ kind: "jwt", secret })),
    ICE_SOURCES_FILE: file("ice-sources", JSON.stringify([{ kind: "livekit" }])),
    VERIFIER_KEY_FILE: file("verifier-key", "v".repeat(43)),
    USER_ID_KEY_FILE: file("user-id-key", "u".repeat(43)),
    BLOCKED_USERS_FILE: file("blocked-users.json", "[]"),
    CERTIFICATE_FILE: file("certificate.pem", ""),
  });
  const child = pinned([path], env);
  return answering(
    running(child, PORTS.api, () => rmSync(folder, { recursive: true })),
    child,
  );
}
