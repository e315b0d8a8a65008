/** The node's own proof against a real LiveKit, whose TLS ends elsewhere as it does on a node. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { once } from "node:events";
import { connect } from "node:net";
import { createServer, type Server } from "node:tls";
import { stringify } from "yaml";
import { pythonBeside } from "../node/support/python.ts";
import { freePorts, type RunningLivekit, startLivekit } from "../support/livekit.ts";
import { issue } from "../support/pki.ts";
import { portOf } from "../support/portOf.ts";

const SECRET = "turn-secret-0123456789abcdef0123456789";
const KEYS_PATH = "/etc/livekit/keys.yaml";

let first = 0;
let edge: Server;
let livekit: RunningLivekit | undefined;

beforeAll(async () => {
  first = await freePorts(24);
  const [signallingPort, udpPort, tlsPort, mediaPort] = [first, first + 1, first + 2, first + 4];
  livekit = await startLivekit({
    signallingPort,
    yaml: stringify({
      port: signallingPort,
      bind_addresses: ["127.0.0.1"],
      key_file: KEYS_PATH,
      rtc: {
        tcp_port: first + 3,
        port_range_start: mediaPort,
        port_range_end: first + 23,
        use_external_ip: false,
      },
      turn: {
        enabled: true,
        domain: "turn.example.com",
        external_tls: true,
        udp_port: udpPort,
        tls_port: tlsPort,
        relay_range_start: mediaPort,
        relay_range_end: first + 23,
        bind_addresses: ["127.0.0.1"],
        allow_restricted_peer_cidrs: ["127.0.0.1/32"],
      },
    }),
    files: { [KEYS_PATH]: stringify({ TURNtest: SECRET }) },
  });
  const { pem, keyPem } = await issue({
    subject: "CN=edge",
    ip: ["127.0.0.1"],
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
  });
  edge = createServer({ cert: pem, key: keyPem }, (client) => {
    const relay = connect(tlsPort, "127.0.0.1");
    for (const it of [client, relay]) it.on("error", () => it.destroy());
    client.pipe(relay).pipe(client);
  }).listen(0, "127.0.0.1");
  await once(edge, "listening");
}, 120_000);

afterAll(async () => {
  await livekit?.stop();
  edge.close();
});

/** Milliseconds of a proof with a credential of that secret. */
const prove = (secret: string, udpPort = first + 1) =>
  pythonBeside(
    "turn, time",
    "turn.prove('127.0.0.1', *given[1:], *turn.credential('TURNtest', given[0], 'the node itself', int(time.time()) + 60))",
    [secret, udpPort, portOf(edge)],
  );

test("passes through two relays, one over UDP and one over TLS", async () => {
  expect(await prove(SECRET)).toBeGreaterThan(0);
});

test("gives its allocations back, so that it can go on for ever in a few ports", async () => {
  // Twenty relay ports: the eleventh proof would find none.
  for (let count = 0; count < 11; count += 1) expect(await prove(SECRET)).toBeGreaterThan(0);
});

test("fails with another key", async () => {
  await expect(prove("another-secret-0123456789abcdef012345")).rejects.toThrow(
    /the relay answers 4\d\d/,
  );
});

test("fails where nobody answers", async () => {
  await expect(prove(SECRET, first + 20)).rejects.toThrow(/does not answer|refused/);
});
