/** The legs of the edge against an HTTPS server with one fault each. */
import { afterEach, describe, expect, test } from "@jest/globals";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import { edgeLegs } from "../../verify/edgeLegs.ts";
import { fetchTrusting } from "../../verify/trust.ts";
import { leafCertificate } from "./leafCertificate.ts";
import { contextFor, stack } from "./stack.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
});

const ICE_URLS = ["stun:127.0.0.1:443"];

interface Edge {
  readonly leaf?: Parameters<typeof leafCertificate>[0];
  /** What the API says LiveKit's address is; the edge's own by default. */
  readonly serverUrl?: string;
  readonly upgrade?: "refused" | "wrong key";
  readonly otherCa?: true;
}

/** The legs of a stack behind an edge like that, by name. */
async function legsOf({ leaf = { endsInDays: 30 }, serverUrl, upgrade, otherCa }: Edge = {}) {
  const { ca, cert, key } = await leafCertificate(leaf);
  let open = 0;
  let origin = "";
  const server = createServer({ cert, key }, (request, response) => {
    const isToken = request.url === "/api/livekit/token";
    const body = isToken
      ? { server_url: serverUrl ?? origin.replace("https", "wss"), participant_token: "a token" }
      : { iceServers: [{ urls: ICE_URLS }], ttl: 60, expiresAt: "2030-01-01T00:00:00Z" };
    const isKnown = request.headers.authorization === "Bearer ann's";
    response.writeHead(isKnown ? (isToken ? 201 : 200) : 401).end(JSON.stringify(body));
  });
  server.on("upgrade", (request, socket) => {
    open += 1;
    socket.on("close", () => (open -= 1)).on("error", () => undefined);
    const isJoin = request.url?.startsWith("/rtc?access_token=a+token");
    if (upgrade === "refused" || !isJoin) {
      socket.end("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
      return;
    }
    const given = upgrade === "wrong key" ? "another" : request.headers["sec-websocket-key"];
    const accept = createHash("sha1").update(`${given}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${accept.digest("base64")}\r\n\r\n`,
    );
  });
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  origin = `https://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  const caCertificate = otherCa ? (await leafCertificate()).ca : ca;
  const outputs = stack({ edgeUrl: origin, iceUrls: ICE_URLS, caCertificate });
  const context = { ...contextFor(outputs), fetch: fetchTrusting(caCertificate) };
  const legs = await edgeLegs(context, "ann's");
  return { open: () => open, legs: Object.fromEntries(legs.map((leg) => [leg.name, leg])) };
}

const CERTIFICATE = "certificate is trusted and current";
const HTTPS = "ICE configuration over HTTPS";
const WSS = "signalling over wss";

describe("an edge", () => {
  test("that serves HTTPS and wss under a good certificate passes, and no WebSocket stays open", async () => {
    const { legs, open } = await legsOf();
    expect(Object.keys(legs)).toEqual([CERTIFICATE, HTTPS, WSS]);
    expect(Object.values(legs).filter(({ ok }) => !ok)).toEqual([]);
    await new Promise((resolve) => void setTimeout(resolve, 50));
    expect(open()).toBe(0);
  });

  test("whose certificate is of few days, and in its time, passes", async () => {
    const { legs } = await legsOf({ leaf: { beganDaysAgo: 2, endsInDays: 4 } });
    expect(legs[CERTIFICATE]).toMatchObject({ ok: true });
  });

  test.each<{ what: string; edge: Edge; failed: string[]; cause: RegExp }>([
    {
      what: "whose certificate is of another CA",
      edge: { otherCa: true },
      failed: [CERTIFICATE, HTTPS, WSS],
      cause: /does not lead to a CA that is trusted here/,
    },
    {
      what: "whose certificate is for another address",
      edge: { leaf: { address: "192.0.2.1", endsInDays: 30 } },
      failed: [CERTIFICATE, HTTPS, WSS],
      cause: /for another name/,
    },
    {
      what: "whose certificate ends soon",
      edge: { leaf: { beganDaysAgo: 87, endsInDays: 3 } },
      failed: [CERTIFICATE],
      cause: /ends in 2 days/,
    },
    {
      what: "whose certificate of few days was not renewed in time",
      edge: { leaf: { beganDaysAgo: 5, endsInDays: 1.5 } },
      failed: [CERTIFICATE],
      cause: /ends in 1 days/,
    },
    {
      what: "whose API tells browsers an address without TLS",
      edge: { serverUrl: "ws://127.0.0.1:7880" },
      failed: [WSS],
      cause: /names ws:\/\/127\.0\.0\.1:7880/,
    },
    {
      what: "that does not hand on signalling",
      edge: { upgrade: "refused" },
      failed: [WSS],
      cause: /answers 404 instead of switching/,
    },
    {
      what: "that answers for another WebSocket",
      edge: { upgrade: "wrong key" },
      failed: [WSS],
      cause: /does not belong to the key/,
    },
  ])("$what fails those legs", async ({ edge, failed, cause }) => {
    const { legs } = await legsOf(edge);
    const found = Object.values(legs).filter(({ ok }) => !ok);
    expect(found.map(({ name }) => name)).toEqual(failed);
    for (const leg of found) expect(leg.cause).toMatch(cause);
  });
});

test("a stack without an edge has no such legs", async () => {
  expect(await edgeLegs(contextFor(stack()), "ann's")).toEqual([]);
});
