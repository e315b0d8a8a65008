import { afterEach, describe, expect, jest, test } from "@jest/globals";
import type { InjectOptions } from "fastify";
import {
  BODY_LIMIT_BYTES,
  HEAD_LIMIT_BYTES,
  HEADERS_LIMIT,
  URL_LIMIT_BYTES,
} from "../../api/limits/serverLimits.ts";
import { createMetrics } from "../../api/metrics/metrics.ts";
import type { ZodInstance } from "../../api/zodInstance.ts";
import { signedIn, testApi } from "../support/api.ts";
import { exchange, listening, wire } from "../support/rawHttp.ts";
import { until } from "../support/until.ts";

const ICE = "/api/livekit/ice-config";
const open: ZodInstance[] = [];
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(open.splice(0).map((app) => app.close()));
});

/** Asks so many times, one after the other, and gives the statuses. */
async function statuses(
  app: ZodInstance,
  count: number,
  request: { url: string; headers?: Record<string, string>; remoteAddress?: string },
): Promise<number[]> {
  const all: number[] = [];
  for (let i = 0; i < count; i += 1)
    // oxlint-disable-next-line no-await-in-loop -- in order
    all.push((await app.inject(request)).statusCode);
  return all;
}

describe("a user", () => {
  test("gets 429 after so many requests in a minute, and others get their answers", async () => {
    const { app } = testApi({ userRequestsPerMinute: 3 });
    const [ann, bob] = [await signedIn("ann"), await signedIn("bob")];
    expect(await statuses(app, 4, { url: ICE, headers: ann })).toEqual([200, 200, 200, 429]);
    expect(await statuses(app, 1, { url: ICE, headers: bob })).toEqual([200]);
  });

  test("is the same by whatever address and route", async () => {
    const { app } = testApi({ userRequestsPerMinute: 1 });
    const headers = await signedIn("ann");
    await app.inject({ url: ICE, headers, remoteAddress: "192.0.2.1" });
    const url = "/api/v1/calls/webrtc-config";
    const answer = await app.inject({ url, headers, remoteAddress: "192.0.2.2" });
    expect(answer.statusCode).toBe(429);
  });

  test("hears what the limit is, and when to try again", async () => {
    const { app } = testApi({ userRequestsPerMinute: 2 });
    const headers = await signedIn("ann");
    const first = await app.inject({ url: ICE, headers });
    expect(first.headers).toMatchObject({
      "ratelimit-limit": "2",
      "ratelimit-remaining": "1",
      "ratelimit-reset": "60",
    });
    expect(first.headers).not.toHaveProperty("retry-after");
    await app.inject({ url: ICE, headers });
    const refused = await app.inject({ url: ICE, headers });
    expect(refused.headers).toMatchObject({
      "ratelimit-limit": "2",
      "ratelimit-remaining": "0",
      "cache-control": "no-store",
    });
    const seconds = Number(refused.headers["retry-after"]);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(refused.headers["ratelimit-reset"]).toBe(`${seconds}`);
    expect(refused.json()).toEqual({
      statusCode: 429,
      error: "Too Many Requests",
      message: `this user made more than 2 requests in a minute; try again in ${seconds} s`,
      requestId: refused.headers["x-request-id"],
    });
  });

  test("may ask again after the minute", async () => {
    const start = Date.now();
    const clock = jest.spyOn(Date, "now").mockReturnValue(start);
    const { app } = testApi({ userRequestsPerMinute: 1 });
    const headers = await signedIn("ann");
    expect(await statuses(app, 2, { url: ICE, headers })).toEqual([200, 429]);
    clock.mockReturnValue(start + 59_999);
    expect(await statuses(app, 1, { url: ICE, headers })).toEqual([429]);
    clock.mockReturnValue(start + 60_000);
    expect(await statuses(app, 1, { url: ICE, headers })).toEqual([200]);
  });

  test("is not named by the request", async () => {
    const { app } = testApi({ userRequestsPerMinute: 1 });
    await app.inject({ url: ICE, headers: await signedIn("ann") });
    const other = { ...(await signedIn("ann")), "x-user-id": "bob" };
    expect(await statuses(app, 1, { url: `${ICE}?user=bob`, headers: other })).toEqual([429]);
  });
});

const limited = () => testApi({ addressRequestsPerMinute: 2 }).app;

const ask = (app: ZodInstance, address: string) =>
  statuses(app, 3, { url: "/a", headers: { "x-forwarded-for": address } });

describe("an address", () => {
  test("gets 429 for sign-ins that fail as well, before they are looked at", async () => {
    const headers = { authorization: "Bearer a.b.c" };
    expect(await statuses(limited(), 3, { url: ICE, headers })).toEqual([401, 401, 429]);
  });

  test("gets 429 for paths that are not there", async () => {
    expect(await statuses(limited(), 3, { url: "/wp-admin" })).toEqual([404, 404, 429]);
  });

  test("is a /64 of IPv6, and an IPv4 address however it is written", async () => {
    const app = limited();
    const from = (remoteAddress: string) => statuses(app, 1, { url: "/a", remoteAddress });
    const inOrder = [
      "2001:db8:0:1::1",
      "2001:db8:0:1:ffff::2",
      "2001:db8:0:1::3",
      "2001:db8:0:2::1",
      "192.0.2.1",
      "::ffff:192.0.2.1",
      "192.0.2.1",
      "192.0.2.2",
    ];
    const answers: number[] = [];
    // oxlint-disable-next-line no-await-in-loop -- in order
    for (const address of inOrder) answers.push(...(await from(address)));
    expect(answers).toEqual([404, 404, 429, 404, 404, 404, 429, 404]);
  });

  test("is the one that the edge tells, and without an edge nobody's word counts", async () => {
    const edged = testApi({ addressRequestsPerMinute: 2, edgeLivekitUrl: "wss://192.0.2.9" }).app;
    expect(await ask(edged, "192.0.2.1")).toEqual([404, 404, 429]);
    expect(await ask(edged, "192.0.2.2")).toEqual([404, 404, 429]);
    const bare = limited();
    expect(await ask(bare, "192.0.2.1")).toEqual([404, 404, 429]);
    expect(await ask(bare, "192.0.2.2")).toEqual([429, 429, 429]);
  });

  test("may ask for health as often as it likes", async () => {
    const app = limited();
    expect(new Set(await statuses(app, 5, { url: "/healthz" }))).toEqual(new Set([200]));
    expect(new Set(await statuses(app, 5, { url: "/readyz" }))).toEqual(new Set([503]));
    expect(await statuses(app, 1, { url: "/a" })).toEqual([404]);
  });

  test("hears of the tighter of two limits", async () => {
    const { app } = testApi({ addressRequestsPerMinute: 3, userRequestsPerMinute: 60 });
    const answer = await app.inject({ url: ICE, headers: await signedIn("ann") });
    expect(answer.headers["ratelimit-limit"]).toBe("3");
  });
});

const asked = (lines: readonly string[]) => lines.filter((it) => it.includes("request completed"));

describe("the log is not a stranger's to fill", () => {
  test("of an address's refused requests it has one in a minute, and the metrics have all", async () => {
    const start = Date.now();
    const clock = jest.spyOn(Date, "now").mockReturnValue(start);
    const metrics = createMetrics();
    const { app, logLines } = testApi({ addressRequestsPerMinute: 2, metrics });
    await statuses(app, 20, { url: "/a" });
    expect(asked(logLines)).toHaveLength(3);
    expect(await metrics.registry.metrics()).toContain(
      'turnkey_api_rate_limited_total{by="address"} 18',
    );
    await statuses(app, 20, { url: "/a", remoteAddress: "192.0.2.2" });
    expect(asked(logLines)).toHaveLength(6);
    clock.mockReturnValue(start + 60_000);
    await statuses(app, 20, { url: "/a" });
    expect(asked(logLines)).toHaveLength(9);
  });

  test("nor of a user's", async () => {
    const { app, logLines } = testApi({ userRequestsPerMinute: 2 });
    await statuses(app, 20, { url: ICE, headers: await signedIn("ann") });
    expect(asked(logLines)).toHaveLength(3);
  });

  test.each<[string, InjectOptions, number]>([
    ["that cannot be routed", { url: "/%" }, 400],
    ["with a URL that is too long", { url: `/${"x".repeat(URL_LIMIT_BYTES)}` }, 414],
    [
      "that ask whether they may be asked",
      {
        url: ICE,
        method: "OPTIONS",
        headers: { origin: "https://a.example", "access-control-request-method": "GET" },
      },
      204,
    ],
  ])(
    "it has none of requests %s, which no limit counts; the metrics do",
    async (_, request, status) => {
      const metrics = createMetrics();
      const { app, logLines } = testApi({ corsOrigins: ["https://a.example"], metrics });
      expect((await app.inject(request)).statusCode).toBe(status);
      expect(logLines).toEqual([]);
      expect(await metrics.registry.metrics()).toContain(`status="${status}"} 1`);
    },
  );
});

const post = async (payload: string, changed: Record<string, string> = {}) => {
  const headers = { ...(await signedIn("ann")), "content-type": "application/json", ...changed };
  return testApi().app.inject({ method: "POST", url: "/api/livekit/token", headers, payload });
};

const metadata = (bytes: number) => {
  const frame = JSON.stringify({ participant_metadata: "" });
  return JSON.stringify({ participant_metadata: "x".repeat(bytes - frame.length) });
};

const serve = async () => {
  const { app } = testApi();
  open.push(app);
  return listening(app);
};

const health = (headers: string) =>
  `GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${headers}\r\n`;

describe("a request", () => {
  test.each([
    [BODY_LIMIT_BYTES, 201],
    [BODY_LIMIT_BYTES + 1, 413],
  ])("with a body of %p bytes is answered %p", async (bytes, status) => {
    expect((await post(metadata(bytes))).statusCode).toBe(status);
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])(
    "with a body of %s, as any page may send, is answered 415",
    async (type) => {
      expect((await post("{}", { "content-type": type })).statusCode).toBe(415);
    },
  );

  test.each([
    [URL_LIMIT_BYTES, 200],
    [URL_LIMIT_BYTES + 1, 414],
  ])("with a URL of %p bytes is answered %p", async (bytes, status) => {
    const url = "/healthz?".padEnd(bytes, "x");
    expect((await testApi().app.inject(url)).statusCode).toBe(status);
  });

  test.each([
    [HEADERS_LIMIT, "200 OK"],
    [HEADERS_LIMIT + 1, "431 Request Header Fields Too Large"],
  ])("with %p headers is answered %p", async (count, status) => {
    const more = Array.from({ length: count - 2 }, (_, i) => `x-${i}: 1\r\n`);
    const answer = await exchange(await serve(), health(more.join("")));
    expect(answer).toContain(`HTTP/1.1 ${status}`);
  });

  test.each<[string, string, number]>([
    ["with a head that is too large", health(`x-a: ${"x".repeat(HEAD_LIMIT_BYTES)}\r\n`), 431],
    ["that is none", "hello\r\n\r\n", 400],
    [
      "that tells its length twice",
      health("content-length: 1\r\ntransfer-encoding: chunked\r\n"),
      400,
    ],
  ])("%s is answered like every other error", async (_, bytes, status) => {
    const answer = await exchange(await serve(), bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    expect(head).toContain("\r\ncache-control: no-store");
    const told: unknown = JSON.parse(body);
    const requestId = /x-request-id: (\S+)/.exec(head)?.[1];
    expect(told).toMatchObject({ statusCode: status, requestId });
  });

  test("that never comes to its end is answered 408", async () => {
    const { app } = testApi();
    app.server.headersTimeout = 200;
    app.server.requestTimeout = 200;
    open.push(app);
    const answer = await exchange(await listening(app), "GET /healthz HTTP/1.1\r\nhost: a\r\n");
    expect(answer).toContain("HTTP/1.1 408 Request Timeout");
    expect(answer).toContain("the request took too long to arrive");
  });

  test("has time limits of its own on every server", () => {
    const { server } = testApi().app;
    expect(server.headersTimeout).toBe(5_000);
    expect(server.requestTimeout).toBe(10_000);
    expect(server.keepAliveTimeout).toBe(72_000);
  });

  test("for a path that is not there is answered before its body came", async () => {
    const { socket, came } = await wire(await serve());
    socket.write("POST /nowhere HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n");
    await until(() => came().includes("\r\n\r\n"));
    expect(came()).toMatch(/^HTTP\/1.1 404 /);
    socket.destroy();
  });
});

/** Keeps the event loop from turning. */
const block = (ms: number) => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
};

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("an overloaded server", () => {
  test("answers 503 with Retry-After, health as ever, and recovers", async () => {
    const metrics = createMetrics();
    const pressure = { maxLatenessMs: 500, sampleMs: 200 };
    const { app } = testApi({ metrics }, { pressure });
    open.push(app);
    const headers = await signedIn("ann");
    expect((await app.inject({ url: ICE, headers })).statusCode).toBe(200);
    let shed = await app.inject({ url: ICE, headers });
    for (let i = 0; i < 10 && shed.statusCode !== 503; i += 1) {
      block(1_500);
      // oxlint-disable-next-line no-await-in-loop -- the sample is taken in a turn of the loop
      await turn();
      // oxlint-disable-next-line no-await-in-loop -- in order
      shed = await app.inject({ url: ICE, headers });
    }
    expect(shed.statusCode).toBe(503);
    expect(shed.headers["retry-after"]).toBe("2");
    expect(shed.json()).toHaveProperty("message", "too much to do at once; try again in 2 s");
    expect((await app.inject("/healthz")).statusCode).toBe(200);
    expect((await app.inject("/readyz")).json()).toHaveProperty("checks.livekit.ok", false);
    expect(await metrics.registry.metrics()).toMatch(/turnkey_api_shed_total [1-9]/);
    await until(async () => (await app.inject({ url: ICE, headers })).statusCode === 200, 25_000);
  });
});
