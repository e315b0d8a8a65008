import { afterEach, describe, expect, test } from "@jest/globals";
import { once } from "node:events";
import type { Server } from "node:http";
import { Registry } from "prom-client";
import { RequestError } from "../../api/errors.ts";
import { reasonOf } from "../../api/metrics/countSignIns.ts";
import { createMetrics } from "../../api/metrics/metrics.ts";
import { measureReadiness } from "../../api/metrics/measureReadiness.ts";
import { measureProcess, metricsServer } from "../../api/metrics/metricsServer.ts";
import { unauthorized } from "../../api/signIn.ts";
import { signedIn, testApi } from "../support/api.ts";
import { portOf } from "../support/portOf.ts";

const running: Server[] = [];
afterEach(() => {
  for (const server of running.splice(0)) server.close();
});

/** Lines of these metrics, without their comments. */
const linesOf = async (registry: Registry, name: string) =>
  (await registry.metrics()).split("\n").filter((it) => it.startsWith(name));

const check = (ok: boolean) => ({ ok, detail: "" });

describe("what is counted", () => {
  test("requests by route and status, and time by route", async () => {
    const metrics = createMetrics();
    const { app } = testApi({ metrics });
    const headers = await signedIn("ann");
    for (const url of ["/healthz", "/healthz", "/api/livekit/ice-config"])
      // oxlint-disable-next-line no-await-in-loop -- in order
      await app.inject({ url, headers });
    await app.inject("/api/livekit/ice-config");
    expect(await linesOf(metrics.registry, "turnkey_api_requests_total")).toEqual([
      'turnkey_api_requests_total{method="GET",route="/healthz",status="200"} 2',
      'turnkey_api_requests_total{method="GET",route="/api/livekit/ice-config",status="200"} 1',
      'turnkey_api_requests_total{method="GET",route="/api/livekit/ice-config",status="401"} 1',
    ]);
    expect(await linesOf(metrics.registry, "turnkey_api_request_duration_seconds_count")).toEqual([
      'turnkey_api_request_duration_seconds_count{method="GET",route="/healthz"} 2',
      'turnkey_api_request_duration_seconds_count{method="GET",route="/api/livekit/ice-config"} 2',
    ]);
  });

  test("whatever strangers ask for becomes one label", async () => {
    const metrics = createMetrics();
    const { app } = testApi({ metrics });
    for (const url of ["/a", "/b?c", "/wp-admin", "/%zz", "/healthz/x"])
      // oxlint-disable-next-line no-await-in-loop -- in order
      await app.inject({ url });
    await app.inject({ method: "DELETE", url: "/healthz" });
    const lines = await linesOf(metrics.registry, "turnkey_api_requests_total");
    expect(lines).toEqual([
      'turnkey_api_requests_total{method="other",route="unmatched",status="404"} 4',
      'turnkey_api_requests_total{method="other",route="unmatched",status="400"} 1',
      'turnkey_api_requests_total{method="other",route="unmatched",status="405"} 1',
    ]);
  });

  test("credentials by source, and room tokens", async () => {
    const metrics = createMetrics();
    const { app } = testApi({ metrics });
    const headers = await signedIn("ann");
    await app.inject({ url: "/api/livekit/ice-config", headers });
    await app.inject({ method: "POST", url: "/api/livekit/token", headers });
    expect(await linesOf(metrics.registry, "turnkey_api_credentials")).toEqual([
      'turnkey_api_credentials_minted_total{source="livekit"} 1',
    ]);
    expect(await linesOf(metrics.registry, "turnkey_api_room_tokens")).toEqual([
      "turnkey_api_room_tokens_total 1",
    ]);
  });

  test("requests that a limit refused, by whose", async () => {
    const metrics = createMetrics();
    const { app } = testApi({ metrics, userRequestsPerMinute: 1, addressRequestsPerMinute: 2 });
    const headers = await signedIn("ann");
    const url = "/api/livekit/ice-config";
    for (let i = 0; i < 4; i += 1)
      // oxlint-disable-next-line no-await-in-loop -- in order
      await app.inject({ url, headers });
    expect(await linesOf(metrics.registry, "turnkey_api_rate_limited_total")).toEqual([
      'turnkey_api_rate_limited_total{by="user"} 1',
      'turnkey_api_rate_limited_total{by="address"} 2',
    ]);
  });

  test("sign-ins that failed, by reason", async () => {
    const metrics = createMetrics();
    const { app } = testApi({ metrics });
    const url = "/api/livekit/ice-config";
    await app.inject({ url });
    await app.inject({ url, headers: { authorization: "Bearer a.b.c" } });
    await app.inject({ url, headers: await signedIn("ann") });
    expect(await linesOf(metrics.registry, "turnkey_api_sign_in_failures_total")).toEqual([
      'turnkey_api_sign_in_failures_total{reason="missing"} 1',
      'turnkey_api_sign_in_failures_total{reason="refused"} 1',
    ]);
  });

  test.each<[unknown, string]>([
    [unauthorized(), "missing"],
    [unauthorized("the token has expired"), "refused"],
    [new RequestError(403, "not you"), "forbidden"],
    [new RequestError(503, "later"), "unavailable"],
    [new RequestError(400, "what?"), "refused"],
    [new Error("broken"), "error"],
  ])("%p is the reason %s", (error, reason) => {
    expect(reasonOf(error)).toBe(reason);
  });

  test("the checks of /readyz, when the metrics are asked for", async () => {
    const registry = new Registry();
    measureReadiness(registry, () =>
      Promise.resolve({ livekit: check(true), clock: check(false) }),
    );
    expect(await linesOf(registry, "turnkey_api_check_ok")).toEqual([
      'turnkey_api_check_ok{check="livekit"} 1',
      'turnkey_api_check_ok{check="clock"} 0',
    ]);
  });

  test("no user, address, token or path of anybody", async () => {
    const metrics = createMetrics();
    const { app } = testApi({ metrics });
    const headers = await signedIn("canary-user");
    await app.inject({ url: "/api/livekit/ice-config?canary", headers });
    await app.inject({ url: "/canary", headers });
    const text = await metrics.registry.metrics();
    expect(text).not.toContain("canary");
    expect(text).not.toContain("127.0.0.1");
  });
});

async function serve(registry: Registry): Promise<string> {
  const server = metricsServer(registry).listen(0, "127.0.0.1");
  running.push(server);
  await once(server, "listening");
  return `http://127.0.0.1:${portOf(server)}`;
}

test("answers GET /metrics in Prometheus's format, the process among it", async () => {
  const { registry } = createMetrics();
  measureProcess(registry);
  const answer = await fetch(`${await serve(registry)}/metrics`);
  expect(answer.headers.get("content-type")).toContain("text/plain; version=0.0.4");
  const text = await answer.text();
  for (const name of ["process_resident_memory_bytes", "nodejs_eventloop_lag_seconds"])
    expect(text).toContain(`\n${name} `);
});

describe("the server of the metrics", () => {
  test.each([
    ["GET", "/", 404],
    ["GET", "/healthz", 404],
    ["POST", "/metrics", 405],
  ])("has nothing else: %s %s", async (method, path, status) => {
    const answer = await fetch(`${await serve(new Registry())}${path}`, { method });
    expect(answer.status).toBe(status);
    await answer.body?.cancel();
  });

  test("and the API itself has no metrics", async () => {
    expect((await testApi().app.inject("/metrics")).statusCode).toBe(404);
  });
});
