/** The port table of a stack: every opened port, with what it is for and who may reach it. */
import type { Settings } from "../config.ts";
import type { PortRow } from "../turn/ports.ts";

const one = (port: number) => ({ from: port, to: port });

/** The rows in the order documentation lists them. All of them are LiveKit's but `api`. */
export const portTable = ({
  livekit,
  rtc,
  turn,
  api,
}: Pick<Settings, "livekit" | "rtc" | "turn" | "api">): PortRow[] => [
  {
    name: "signalling",
    protocol: "tcp",
    ...one(livekit.port),
    purpose: "LiveKit signalling and server API",
    exposure: "public",
  },
  {
    name: "ice-tcp",
    protocol: "tcp",
    ...one(rtc.tcpPort),
    purpose: "media over ICE/TCP",
    exposure: "public",
  },
  {
    name: "media",
    protocol: "udp",
    ...rtc.mediaPorts,
    purpose: "media over ICE/UDP",
    exposure: "public",
  },
  {
    name: "relay",
    protocol: "udp",
    ...turn.relayPorts,
    purpose: "TURN relay addresses",
    exposure: "public",
    within: "media",
  },
  {
    name: "turn-udp",
    protocol: "udp",
    ...one(turn.udpPort),
    purpose: "TURN/UDP and STUN",
    exposure: "public",
  },
  {
    name: "turn-tls",
    protocol: "tcp",
    ...one(turn.tlsPort),
    purpose: "TURN/TLS",
    exposure: "public",
  },
  {
    name: "metrics",
    protocol: "tcp",
    ...one(livekit.metricsPort),
    purpose: "LiveKit's Prometheus metrics",
    exposure: "node",
  },
  {
    name: "api",
    protocol: "tcp",
    ...one(api.port),
    purpose: "room tokens and ICE configurations",
    exposure: "public",
  },
];

/** The setting that moves a row, for messages. */
export const settingOfRow = {
  signalling: "livekit.port",
  "ice-tcp": "rtc.tcpPort",
  media: "rtc.mediaPorts",
  relay: "turn.relayPorts",
  "turn-udp": "turn.udpPort",
  "turn-tls": "turn.tlsPort",
  metrics: "livekit.metricsPort",
  api: "api.port",
} as const satisfies Record<PortRow["name"], string>;
