/** The bundled server, told to end while clients ask. */
import { afterAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, get, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { apiProcess, type ApiProcess } from "../support/apiProcess.ts";
import { iceService } from "../support/iceService.ts";
import { wire } from "../support/rawHttp.ts";
import { until } from "../support/until.ts";

// Bundling and starting Node take long where every core is busy with other suites.
jest.setTimeout(90_000);

const ICE = "/api/livekit/ice-config";
let api: ApiProcess | undefined;
beforeEach(async () => {
  await api?.[Symbol.asyncDispose]();
  api = await apiProcess();
});
afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
});

function running(): ApiProcess {
  if (!api) throw new Error("there is no API");
  return api;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function ask(port: number, agent: Agent, path: string, headers = {}): Promise<Answer> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ port, host: "127.0.0.1", agent, path, headers }, resolve).on("error", reject);
  });
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

describe("a server that is told to end", () => {
  test("answers every request of clients that keep asking until they are told to go, and ends with 0", async () => {
    const { child, port, ended, signedIn, output } = running();
    const headers = await signedIn("ann");
    let answered = 0;
    const client = async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- one request after the other, on one connection
        const answer = await ask(port, agent, ICE, headers);
        if (answer.status !== 200) throw new Error(`answered ${answer.status}: ${answer.body}`);
        answered += 1;
        if (answer.headers.connection === "close") return;
      }
    };
    const clients = Promise.all(Array.from({ length: 20 }, client));
    await until(() => answered > 200, 60_000);
    child.kill("SIGTERM");
    await clients;
    expect(await ended).toBe(0);
    expect(output()).not.toContain("canary");
  });

  test("answers a request that is half there, and takes no connection after it", async () => {
    const { child, port, ended, signedIn } = running();
    const { authorization } = await signedIn("ann");
    const { socket, came, closed } = await wire(port);
    const body = '{"room_name":"a"}';
    const head = [
      "POST /api/livekit/token HTTP/1.1",
      "host: a",
      `authorization: ${authorization}`,
      "content-type: application/json",
      `content-length: ${body.length}`,
    ];
    socket.write(`${head.join("\r\n")}\r\n\r\n${body.slice(0, 5)}`);
    const before = await wire(port);
    before.socket.write("GET /readyz?without=address HTTP/1.1\r\nhost: a\r\n\r\n");
    await until(() => before.came().includes('"ready"'), 30_000);
    child.kill("SIGTERM");
    const refused = () =>
      new Promise<boolean>((resolve) => {
        const late = connect(port, "127.0.0.1")
          .on("connect", () => resolve(false))
          .on("error", () => resolve(true))
          .on("close", () => late.destroy());
        late.on("connect", () => late.destroy());
      });
    await until(refused, 30_000);
    expect(came()).toBe("");
    socket.write(body.slice(5));
    expect(await closed).toMatch(/^HTTP\/1.1 201 Created\r\n[^]*\r\nconnection: close\r\n/i);
    expect(await before.closed).toContain("200 OK");
    expect(await ended).toBe(0);
  });

  test("says on /readyz that it is stopping, and to each connection that it closes", async () => {
    const { child, port, ended } = running();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const first = await ask(port, agent, "/readyz?without=address");
    expect([first.status, first.headers.connection]).toEqual([200, "keep-alive"]);
    child.kill("SIGTERM");
    const last = await until(async () => {
      const answer = await ask(port, agent, "/readyz?without=address");
      return answer.headers.connection === "close" ? answer : undefined;
    }, 30_000);
    expect(last.status).toBe(503);
    expect(JSON.parse(last.body)).toHaveProperty("status", "stopping");
    expect(await ended).toBe(0);
  });

  test("does not wait for a request that never comes to its end", async () => {
    const { child, port, ended } = running();
    const { socket, closed } = await wire(port);
    socket.write("POST /api/livekit/token HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n");
    // A reset is what such a client gets.
    closed.catch(() => undefined);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  });
});

test("whoever waits for others when the server is told to end gets an answer without them", async () => {
  // Knows ann at once; says nothing of bob, and gives no ICE servers.
  await using elsewhere = await iceService((response, { headers }) => {
    if (headers.cookie === "sid=ann") response.writeHead(204, { "x-user-id": "ann" }).end();
  });
  await using folder = new AsyncDisposableStack();
  const path = await mkdtemp(join(tmpdir(), "turnkey-stop-"));
  folder.defer(() => rm(path, { recursive: true }));
  const write = async (name: string, content: unknown) => {
    await writeFile(join(path, name), JSON.stringify(content));
    return join(path, name);
  };
  const slow = { kind: "cloudflare", keyId: "id", apiToken: "canary-token", timeoutMs: 5_000 };
  await using patient = await apiProcess({
    SIGN_IN_FILE: await write("sign-in", {
      kind: "forward",
      url: elsewhere.url,
      timeoutSeconds: 10,
    }),
    ICE_SOURCES_FILE: await write("ice-sources", [
      { kind: "livekit" },
      { ...slow, url: elsewhere.url },
      { ...slow, url: elsewhere.url, fallback: true },
    ]),
  });
  const { child, port, ended, output } = patient;
  const agent = new Agent();
  const answers = Promise.all(
    ["ann", "bob"].map((name) => ask(port, agent, ICE, { cookie: `sid=${name}` })),
  );
  answers.catch(() => undefined);
  await until(() => elsewhere.asked.length === 3, 30_000);
  child.kill("SIGTERM");
  const [ann, bob] = await answers;
  expect(ann?.status).toBe(200);
  expect(JSON.parse(ann?.body ?? "")).toHaveProperty("iceServers.length", 2);
  expect(bob).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
  expect(await ended).toBe(0);
  expect(output()).toContain('"reason":"given up, because the server ends"');
});

test("the metrics are on a port of their own", async () => {
  const { metricsUrl, base } = running();
  const metrics = await (await fetch(metricsUrl)).text();
  expect(metrics).toContain(
    'turnkey_api_requests_total{method="GET",route="/healthz",status="200"}',
  );
  expect(metrics).toContain('turnkey_api_check_ok{check="livekit"} 1');
  expect(metrics).toContain('turnkey_api_check_ok{check="certificate"} 1');
  expect(metrics).toContain("process_cpu_seconds_total");
  expect((await fetch(`${base}/metrics`)).status).toBe(404);
});
