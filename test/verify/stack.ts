/** The outputs of a stack, and a run's context, around servers that a test started. */
import { API_TOKEN } from "../../turn/apiToken.ts";
import { livekit } from "../../turn/livekit.ts";
import type { StackOutputs } from "../../turn/outputs.ts";
import { udp } from "../../turn/ports.ts";
import type { AdvertisedRelay } from "../../verify/advertised.ts";
import { parseIceUrl } from "../../verify/iceUrl.ts";
import type { Context, Leg } from "../../verify/leg.ts";
import { stackTarget, type Target } from "../../verify/target.ts";

export const turnKey = { key: "TURN1", secret: "0123456789abcdef0123456789abcdef-turn" };

/** Outputs with the given URLs; the API and LiveKit are where nobody listens. */
export const stack = (changed: Partial<StackOutputs> = {}): StackOutputs => ({
  target: "docker",
  apiUrl: "http://127.0.0.1:1",
  livekitUrl: "ws://127.0.0.1:2",
  nodeAddress: "127.0.0.1",
  network: "host",
  turnDomain: "127.0.0.1",
  iceUrls: [],
  iceSources: [{ kind: "livekit", fallback: false }],
  // Away from the ports of a stack that may run on this machine.
  ports: [
    udp("media", { from: 21_100, to: 21_200 }, "media"),
    { ...udp("relay", { from: 21_100, to: 21_150 }, "relay addresses"), within: "media" },
  ],
  caCertificate: "",
  livekitVersion: "1.13.5",
  credentialTtlSeconds: 3_600,
  keyGeneration: 1,
  containers: { livekit: "turnkey-dev-livekit", api: "turnkey-dev-api" },
  signIn: { kind: "jwt", ...API_TOKEN },
  apiJwtSecret: "0123456789abcdef0123456789abcdef-jwt",
  verifierKey: "0123456789abcdef0123456789abcdef-verifier",
  roomKey: { key: "ROOM1", secret: "0123456789abcdef0123456789abcdef-room" },
  turnKey,
  ...changed,
});

/** An advertised TURN URL with a credential that `turnKey` signed. */
export const advertise = (url: string): AdvertisedRelay => ({
  url: parseIceUrl(url),
  credential: livekit.mint(turnKey, "verify", Math.floor(Date.now() / 1000) + 60),
});

/** A run's context. */
export const contextFor = (
  outputs: StackOutputs,
  target: Target = stackTarget(outputs),
): Context => ({
  target,
  fetch: () => Promise.reject(new Error("no call was expected")),
  now: () => new Date(),
  signal: new AbortController().signal,
  onLeg: (_leg: Leg) => undefined,
  runId: "a-run",
  livekitRuns: Promise.resolve(true),
});
