/** The outputs of a stack, and a run's context, around servers that a test started. */
import type { StackOutputs } from "../../turn/outputs.ts";
import { udp } from "../../turn/ports.ts";
import type { Context, Leg } from "../../verify/leg.ts";

export const turnKey = { key: "TURN1", secret: "0123456789abcdef0123456789abcdef-turn" };

/** Outputs with the given URLs; the API and LiveKit are where nobody listens. */
export const stack = (changed: Partial<StackOutputs> = {}): StackOutputs => ({
  apiUrl: "http://127.0.0.1:1",
  livekitUrl: "ws://127.0.0.1:2",
  nodeAddress: "127.0.0.1",
  iceUrls: [],
  // Away from the ports of a stack that may run on this machine.
  ports: [
    udp("media", { from: 21_100, to: 21_200 }, "media"),
    { ...udp("relay", { from: 21_100, to: 21_150 }, "relay addresses"), within: "media" },
  ],
  caCertificate: "",
  livekitVersion: "1.13.5",
  containers: { livekit: "turnkey-dev-livekit", api: "turnkey-dev-api" },
  apiJwtSecret: "0123456789abcdef0123456789abcdef-jwt",
  roomKey: { key: "ROOM1", secret: "0123456789abcdef0123456789abcdef-room" },
  turnKey,
  ...changed,
});

/** A run's context; `heard` gets the legs as they end. */
export const contextFor = (target: StackOutputs, heard: Leg[] = []): Context => ({
  target,
  fetch: () => Promise.reject(new Error("no call was expected")),
  now: () => new Date(),
  signal: new AbortController().signal,
  onLeg: (leg) => void heard.push(leg),
  runId: "a-run",
  livekitRuns: Promise.resolve(true),
});
