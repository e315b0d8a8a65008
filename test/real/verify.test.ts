/**
 * The proof itself against a real LiveKit: it passes a sound one, and names what is wrong with
 * others.
 */
import { afterEach, expect, test } from "@jest/globals";
import { stringify } from "yaml";
import { bearerJwt } from "../../api/bearerJwt.ts";
import { livekitYaml } from "../../plan/livekitYaml.ts";
import { type PeerPolicy, peerPolicy } from "../../plan/peerPolicy.ts";
import { portTable as plannedPorts } from "../../plan/portTable.ts";
import { iceUrls } from "../../turn/iceUrls.ts";
import type { PortRow, RowName } from "../../turn/ports.ts";
import { verify } from "../../verify/verify.ts";
import { secrets, testApi } from "../support/api.ts";
import { freePorts, startLivekit } from "../support/livekit.ts";
import { leafCertificate } from "../verify/leafCertificate.ts";
import { stack } from "../verify/stack.ts";

const MINUTE_MS = 60_000;
const HOST = "127.0.0.1";
const MEDIA_PORTS = 30;
const PATHS = {
  keys: "/etc/livekit/keys.yaml",
  certificate: "/etc/livekit/leaf.pem",
  key: "/etc/livekit/leaf.key",
};
const sound = peerPolicy(HOST);
const open: PeerPolicy = { ...sound, deny: [] };

const now = () => new Date();

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function portTable(): Promise<PortRow[]> {
  const first = await freePorts(6 + MEDIA_PORTS);
  const media = { from: first + 6, to: first + 5 + MEDIA_PORTS };
  return plannedPorts({
    livekit: { port: first, metricsPort: first + 4 },
    rtc: { tcpPort: first + 1, mediaPorts: media },
    turn: { udpPort: first + 2, tlsPort: first + 3, relayPorts: media },
    api: { port: first + 5 },
  });
}

/** Starts LiveKit and the API as the dev stack does, and gives the stack's outputs. */
async function start(peers: PeerPolicy, turnKey = secrets.turnKey) {
  const ports = await portTable();
  const port = (name: RowName) => ports.find((it) => it.name === name)?.from ?? 0;
  const { ca, cert, key } = await leafCertificate();
  const livekit = await startLivekit({
    signallingPort: port("signalling"),
    yaml: livekitYaml({ ports, nodeAddress: HOST, turnDomain: HOST, peers, paths: PATHS }),
    files: {
      [PATHS.keys]: stringify(
        Object.fromEntries([turnKey, secrets.roomKey].map((it) => [it.key, it.secret])),
      ),
      [PATHS.certificate]: cert,
      [PATHS.key]: key,
    },
  });
  closing.push(() => livekit.stop());
  const livekitUrl = `ws://${HOST}:${port("signalling")}`;
  const urls = iceUrls(HOST, ports);
  const signIn = bearerJwt(secrets.apiJwtSecret, now);
  const { app } = testApi({ signIn, now, livekitUrl, iceUrls: urls });
  const apiUrl = await app.listen({ port: port("api"), host: HOST });
  closing.push(async () => app.close());
  const { apiJwtSecret, roomKey } = secrets;
  const target = stack({
    apiUrl,
    livekitUrl,
    iceUrls: urls,
    ports,
    caCertificate: ca,
    apiJwtSecret,
    roomKey,
    turnKey: secrets.turnKey,
  });
  return { target, livekit };
}

/** Cause by URL and leg of all that failed. */
async function causes(target: Parameters<typeof verify>[0]) {
  const { legs } = await verify(target);
  const failed = legs.filter(({ ok }) => !ok);
  return Object.fromEntries(failed.map(({ name, url, cause }) => [`${url} ${name}`, cause]));
}

test(
  "a sound stack passes every leg within ten seconds; without LiveKit, that is the cause named",
  async () => {
    const { target, livekit } = await start(sound);
    const begin = performance.now();
    expect(await causes(target)).toEqual({});
    expect(performance.now() - begin).toBeLessThan(10_000);

    await livekit.stop();
    const found = Object.values(await causes(target));
    expect(found).toContainEqual(expect.stringMatching(/^LiveKit is not running/));
    for (const cause of found) expect(cause).toMatch(/^(LiveKit is not running|not tried)/);
  },
  2 * MINUTE_MS,
);

test(
  "a relay that may reach cloud metadata fails, over UDP and over TLS",
  async () => {
    const { target } = await start({ ...open, allow: [...open.allow, "169.254.0.0/16"] });
    const [, udp, tls] = target.iceUrls;
    expect(await causes(target)).toEqual({
      [`${udp} cloud metadata is refused`]: expect.stringMatching(/forwards to cloud metadata/),
      [`${tls} cloud metadata is refused`]: expect.stringMatching(/forwards to cloud metadata/),
    });
  },
  2 * MINUTE_MS,
);

test(
  "another TURN key in LiveKit than in the API is named as the cause",
  async () => {
    const { target } = await start(sound, { ...secrets.turnKey, secret: "x".repeat(40) });
    const [, udp] = target.iceUrls;
    expect((await causes(target))[`${udp} allocate over UDP`]).toMatch(/different TURN keys/);
  },
  2 * MINUTE_MS,
);
