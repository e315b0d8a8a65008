/** The client library against the API itself, and against servers that misbehave, by Node's own fetch. */
import { afterEach, expect, test } from "@jest/globals";
import { createServer, type RequestListener } from "node:http";
import { IceConfigClient, type IceConfigEvent } from "../../../client/ice/index.ts";
import { signedIn, testApi } from "../../support/api.ts";
import { until } from "../../support/until.ts";

const ended: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).toReversed())
    // oxlint-disable-next-line no-await-in-loop -- clients before their servers
    await end();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ended.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the server has no port");
  return `http://127.0.0.1:${address.port}`;
}

function open(options: ConstructorParameters<typeof IceConfigClient>[0]) {
  const client = new IceConfigClient(options);
  const events: IceConfigEvent[] = [];
  client.subscribe((event) => events.push(event));
  ended.push(() => client.close());
  return { client, events };
}

async function api(): Promise<string> {
  const { app } = testApi();
  const origin = await app.listen({ port: 0, host: "127.0.0.1" });
  ended.push(() => app.close());
  return origin;
}

test.each(["/api/livekit/ice-config", "/api/v1/calls/webrtc-config"])(
  "%s is read as it is served",
  async (path) => {
    const { client } = open({ url: (await api()) + path, headers: () => signedIn("ann") });
    const { source, iceServers, expiresAt } = await client.get();
    expect(source).toBe("fresh");
    expect(iceServers.map((it) => it.urls[0])).toEqual([
      "stun:127.0.0.1:443",
      "turn:127.0.0.1:443?transport=udp",
    ]);
    expect(expiresAt).toBeGreaterThan(Date.now());
  },
);

test("without a sign-in the API's refusal is told", async () => {
  const { client, events } = open({ url: `${await api()}/api/livekit/ice-config` });
  expect(await client.get()).toMatchObject({ source: "public-stun", reason: "unauthorized" });
  expect(events[0]).toMatchObject({ type: "failed", status: 401 });
});

test("a redirect is not followed, as the headers would go along", async () => {
  let reached = false;
  const elsewhere = await serve((_request, response) => {
    reached = true;
    response.end();
  });
  const url = await serve((_request, response) => {
    response.writeHead(302, { location: elsewhere }).end();
  });
  const { client, events } = open({ url, timeoutMs: 20_000, headers: { "x-token": "secret" } });
  client.get().catch(() => undefined); // which the end of the test gives up
  expect(await until(() => events[0], 20_000)).toMatchObject({
    type: "failed",
    reason: "unreachable",
  });
  expect(reached).toBe(false);
});

test("an answer that stops half-way is given up, and its connection closed", async () => {
  const gone = Promise.withResolvers<void>();
  const url = await serve((request, response) => {
    request.on("close", gone.resolve);
    response.writeHead(200, { "content-type": "application/json" }).write(`{"iceServers":[`);
  });
  const { client } = open({ url, timeoutMs: 1_500 });
  expect(await client.get()).toMatchObject({ source: "public-stun", reason: "timeout" });
  await gone.promise;
});

test("closing ends a request that is under way", async () => {
  const arrived = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  const url = await serve((request) => {
    request.on("close", gone.resolve);
    arrived.resolve();
  });
  const { client } = open({ url });
  const waiting = client.get();
  await arrived.promise;
  client.close();
  await expect(waiting).rejects.toThrow("the IceConfigClient is closed");
  await gone.promise;
});
