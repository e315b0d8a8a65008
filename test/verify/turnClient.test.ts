import { afterEach, describe, expect, test } from "@jest/globals";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { livekit } from "../../turn/livekit.ts";
import { exchange } from "../../verify/exchange.ts";
import { parseIceUrl } from "../../verify/iceUrl.ts";
import { openRelay } from "../../verify/relay.ts";
import { TurnClient } from "../../verify/turnClient.ts";
import { type FakeTurn, fakeTurn, type FakeTurnOptions } from "./fakeTurn.ts";
import { leafCertificate } from "./leafCertificate.ts";

const turnKey = { key: "TURN1", secret: "0123456789abcdef0123456789abcdef" };
const good = livekit.mint(turnKey, "ann", Math.floor(Date.now() / 1000) + 60);
const signal = new AbortController().signal;
const udp = ({ port }: { port: number }) => parseIceUrl(`turn:127.0.0.1:${port}?transport=udp`);
const tls = ({ port }: { port: number }) => parseIceUrl(`turns:127.0.0.1:${port}?transport=tcp`);

const servers: FakeTurn[] = [];
const serve = async (options: Partial<FakeTurnOptions> = {}) => {
  const server = await fakeTurn({ turnKey, ...options });
  servers.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A UDP port nobody listens on. */
async function closedPort(): Promise<number> {
  const socket = createSocket("udp4");
  await once(socket.bind(0, "127.0.0.1"), "listening");
  const { port } = socket.address();
  await new Promise<void>((resolve) => void socket.close(resolve));
  return port;
}

describe("TurnClient", () => {
  test("finds its own address from STUN without a credential", async () => {
    const client = await TurnClient.connect(udp(await serve()), { signal });
    const { host, port } = await client.bind();
    expect(host).toBe("127.0.0.1");
    expect(port).toBeGreaterThan(1023);
    await client.close();
  });

  test("gives its allocation back when it closes", async () => {
    const server = await serve();
    const { client } = await openRelay(udp(server), { credential: good, signal });
    expect(server.allocations.now).toBe(1);
    await client.close();
    expect(server.allocations.now).toBe(0);
  });

  test("carries data both ways over TLS, however the stream is cut", async () => {
    const { ca, cert, key } = await leafCertificate();
    const server = await serve({ tls: { cert, key }, pieceBytes: 7 });
    const options = { ca, credential: good, signal };
    const [left, right] = await Promise.all([
      openRelay(tls(server), options),
      openRelay(tls(server), options),
    ]);
    await left.client.bindChannel(right.address);
    await right.client.permit(left.address);
    await exchange({
      ends: [left.client.endTowards(right.address), right.client.endTowards(left.address)],
      names: ["channel", "indications"],
      tag: "a tag",
      signal,
    });
    await Promise.all([left.client.close(), right.client.close()]);
  });

  test("carries data over plain TCP", async () => {
    const server = await serve({ stream: true, pieceBytes: 7 });
    const url = parseIceUrl(`turn:127.0.0.1:${server.port}?transport=tcp`);
    const [left, right] = await Promise.all([
      openRelay(url, { credential: good, signal }),
      openRelay(url, { credential: good, signal }),
    ]);
    await Promise.all([left.client.permit(right.address), right.client.permit(left.address)]);
    await exchange({
      ends: [left.client.endTowards(right.address), right.client.endTowards(left.address)],
      names: ["left", "right"],
      tag: "a tag",
      signal,
    });
    await Promise.all([left.client.close(), right.client.close()]);
    expect(server.allocations).toEqual({ now: 0, most: 2 });
  });

  test.each([
    { what: "a datagram is lost", faults: { losesFirst: true } as const },
    { what: "its nonce has become stale", faults: { staleNonce: true } as const },
  ])("asks again when $what", async ({ faults }) => {
    const server = await serve({ faults });
    const { client } = await openRelay(udp(server), { credential: good, signal });
    await client.close();
    expect(server.allocations).toEqual({ now: 0, most: 1 });
  });

  test("takes no success that the credential did not sign", async () => {
    const server = await serve({ faults: { unsigned: true } });
    await expect(openRelay(udp(server), { credential: good, signal })).rejects.toMatchObject({
      finding: { kind: "unsigned", request: "Allocate" },
    });
  });

  test("tells the error code of an answer that is not signed", async () => {
    const server = await serve();
    const credential = { ...good, credential: "wrong" };
    await expect(openRelay(udp(server), { credential, signal })).rejects.toMatchObject({
      finding: { kind: "refused", request: "Allocate", code: 400 },
    });
  });

  test("hears at once that nothing listens on a UDP port", async () => {
    const start = performance.now();
    await expect(
      openRelay(udp({ port: await closedPort() }), { credential: good, signal }),
    ).rejects.toMatchObject({
      finding: { kind: "connection", transport: "udp", code: "ECONNREFUSED" },
    });
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  test("gives up on a server that is silent", async () => {
    const server = await serve({ faults: { mute: true } });
    await expect(openRelay(udp(server), { credential: good, signal })).rejects.toMatchObject({
      finding: { kind: "no-answer", transport: "udp", request: "Allocate" },
    });
  });

  test("stops waiting when it is told to", async () => {
    const server = await serve({ faults: { mute: true } });
    const stop = new AbortController();
    const opening = openRelay(udp(server), { credential: good, signal: stop.signal });
    setTimeout(() => stop.abort(new Error("enough")), 20);
    await expect(opening).rejects.toThrow("enough");
  });
});

describe("a TLS server's certificate", () => {
  test.each([
    {
      what: "of an earlier CA of that name",
      leaf: {},
      otherCa: true,
      code: "CERT_SIGNATURE_FAILURE",
    },
    {
      what: "for another address",
      leaf: { address: "192.0.2.1" },
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    },
    { what: "that has expired", leaf: { endsInDays: -1 }, code: "CERT_HAS_EXPIRED" },
  ])("$what is refused", async ({ leaf, otherCa, code }) => {
    const { ca, cert, key } = await leafCertificate(leaf);
    const server = await serve({ tls: { cert, key } });
    const trusted = otherCa ? (await leafCertificate()).ca : ca;
    await expect(
      openRelay(tls(server), { ca: trusted, credential: good, signal }),
    ).rejects.toMatchObject({ finding: { kind: "certificate", code } });
  });

  test("is not the trouble when the connection is cut before", async () => {
    const server = createServer((socket) => socket.destroy());
    await once(server.listen(0, "127.0.0.1"), "listening");
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    await expect(openRelay(tls({ port }), { credential: good, signal })).rejects.toMatchObject({
      finding: { kind: "connection", transport: "tls", code: "ECONNRESET" },
    });
    server.close();
  });
});
