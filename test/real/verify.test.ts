/**
 * The proof itself against a real LiveKit: it passes a sound one, and names what is wrong with
 * others.
 */
import { afterEach, expect, test } from "@jest/globals";
import { stringify } from "yaml";
import { jwtSignIn } from "../../api/signIn/jwt.ts";
import { withVerifier } from "../../api/signIn/verifier.ts";
import { readLocalImages } from "../../machine/localImages.ts";
import { knowsAllocationQuota, livekitImage } from "../../plan/images.ts";
import { livekitYaml } from "../../plan/livekitYaml.ts";
import { type PeerPolicy, developmentPeers } from "../../plan/peerPolicy.ts";
import { portTable as plannedPorts } from "../../plan/portTable.ts";
import { iceUrls } from "../../turn/iceUrls.ts";
import { API_TOKEN, signApiToken } from "../../turn/apiToken.ts";
import type { StackOutputs } from "../../turn/outputs.ts";
import type { PortRow, RowName } from "../../turn/ports.ts";
import { FIRST_WITH_QUOTA, FIRST_WITH_RELAY_POLICY, isSince } from "../../verify/livekitVersion.ts";
import { deploymentTarget, stackTarget, type Target } from "../../verify/target.ts";
import { verify } from "../../verify/verify.ts";
import { ownIceSources, ownTurn, secrets, testApi } from "../support/api.ts";
import { freePorts, startLivekit } from "../support/livekit.ts";
import { laptop } from "../support/plans.ts";
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
const sound = developmentPeers(HOST);
const open: PeerPolicy = { ...sound, deny: [] };

const now = () => new Date();

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function portTable(): Promise<PortRow[]> {
  const first = await freePorts(7 + MEDIA_PORTS);
  const media = { from: first + 7, to: first + 6 + MEDIA_PORTS };
  return plannedPorts(
    {
      livekit: { port: first, metricsPort: first + 4 },
      rtc: { tcpPort: first + 1, mediaPorts: media },
      turn: { udpPort: first + 2, tlsPort: first + 3, relayPorts: media },
      target: "docker",
      edge: false,
      api: { port: first + 5, metricsPort: first + 6 },
    },
    "host",
  );
}

/** The version of LiveKit that runs here, and the quota where it knows one. */
const { version } = livekitImage({}, { ...laptop, localImages: readLocalImages() });
const allocationsPerUser = knowsAllocationQuota(version) ? 12 : undefined;

/** Starts LiveKit and the API as the dev stack does, and gives the stack's outputs. */
async function start(peers: PeerPolicy, turnKey = secrets.turnKey) {
  const ports = await portTable();
  const port = (name: RowName) => ports.find((it) => it.name === name)?.from ?? 0;
  const { ca, cert, key } = await leafCertificate();
  const livekit = await startLivekit({
    signallingPort: port("signalling"),
    yaml: livekitYaml({
      ports,
      bind: { http: HOST, turn: HOST },
      mediaCidr: `${HOST}/32`,
      turnDomain: HOST,
      peers,
      allocationsPerUser,
      keys: PATHS.keys,
      certificate: { chain: PATHS.certificate, key: PATHS.key },
    }),
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
  const { verifierKey } = stack();
  const users = jwtSignIn({ ...API_TOKEN, secret: secrets.apiJwtSecret, now, origins: [] });
  const signIn = withVerifier(verifierKey, now, users);
  const iceSources = ownIceSources({ ...ownTurn, iceUrls: urls });
  const { app } = testApi({ signIn, now, livekitUrl, iceSources });
  const apiUrl = await app.listen({ port: port("api"), host: HOST });
  closing.push(async () => app.close());
  const { apiJwtSecret, roomKey } = secrets;
  const target = stack({
    apiUrl,
    livekitUrl,
    iceUrls: urls,
    ports,
    caCertificate: ca,
    livekitVersion: version,
    ...(allocationsPerUser !== undefined && { allocationsPerUser }),
    apiJwtSecret,
    roomKey,
    turnKey: secrets.turnKey,
  });
  return { target, livekit };
}

/** Cause by URL and leg of all that failed. */
async function causes(target: StackOutputs) {
  const { legs } = await verify(stackTarget(target));
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

const otherSecret = { ...secrets.turnKey, secret: "x".repeat(40) };

test.each([
  {
    what: "LiveKit",
    inLivekit: otherSecret,
    inStack: secrets.turnKey,
    cause: /LiveKit holds another/,
  },
  {
    what: "the API",
    inLivekit: otherSecret,
    inStack: otherSecret,
    cause: /the API signs with another/,
  },
])(
  "a wrong TURN secret in $what is named as the cause",
  async ({ inLivekit, inStack, cause }) => {
    const { target } = await start(sound, inLivekit);
    const found = await causes({ ...target, turnKey: inStack });
    const [, udp] = target.iceUrls;
    expect(found[`${udp} allocate over UDP`]).toMatch(/^wrong secret: /);
    expect(found[`${udp} allocate over UDP`]).toMatch(cause);
  },
  2 * MINUTE_MS,
);

test(
  "what this LiveKit cannot refuse yet is n/a, with what was observed; the rest is refused",
  async () => {
    const { target } = await start(sound);
    const { legs } = await verify(stackTarget(target));
    const reason = (wanted: string) => legs.find(({ name }) => name === wanted)?.na;
    expect([
      reason("one allocation above the quota is refused"),
      reason("TCP relays are refused"),
    ]).toEqual([
      isSince(FIRST_WITH_QUOTA, version)
        ? undefined
        : `LiveKit ${version} has no quota; 1.13.6 is the first`,
      isSince(FIRST_WITH_RELAY_POLICY, version)
        ? undefined
        : expect.stringMatching(/^warning: LiveKit .* granted one/),
    ]);
    expect(legs.filter(({ ok }) => !ok)).toEqual([]);
  },
  2 * MINUTE_MS,
);

/** The same deployment as one of its users sees it. */
const withoutStack = async ({
  apiUrl,
  apiJwtSecret = "",
  caCertificate,
}: StackOutputs): Promise<Target> =>
  deploymentTarget({
    url: apiUrl,
    token: await signApiToken(apiJwtSecret, { subject: "ann", ttlSeconds: 60, now: now() }),
    caCertificate,
  });

test(
  "a user's token alone proves a deployment: every leg that needs no key of the stack passes",
  async () => {
    const { target } = await start(sound);
    const { ok, legs } = await verify(await withoutStack(target));
    expect(legs.filter((it) => !it.ok)).toEqual([]);
    expect(ok).toBe(true);
    const na = legs.filter((it) => it.na !== undefined).map(({ name }) => name);
    expect(new Set(na)).toEqual(
      new Set([
        "expired credential is refused",
        "another key's name is refused",
        "one allocation above the quota is refused",
        ...(isSince(FIRST_WITH_RELAY_POLICY, version)
          ? // What the node drops outside its media ports proves nothing without the stack.
            ["UDP relay to direct", "TLS relay to direct"]
          : ["TCP relays are refused"]),
      ]),
    );
    const passed = legs.filter((it) => it.na === undefined).map(({ name }) => name);
    for (const name of ["LiveKit answers", "UDP relay to UDP relay", "room over the relay"])
      expect(passed).toContain(name);
  },
  2 * MINUTE_MS,
);
