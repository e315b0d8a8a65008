/** The port table of a stack: every opened port, with what it is for and who may reach it. */
import { type PortRange, type PortRow, type RowName, tcp, udp } from "../turn/ports.ts";
import type { NetworkMode } from "./machine.ts";

/** The settings that the table is made of. */
export interface PortSettings {
  readonly target: "docker" | "aws";
  readonly livekit: { readonly port: number; readonly metricsPort: number };
  readonly rtc: { readonly tcpPort: number; readonly mediaPorts?: PortRange | undefined };
  readonly turn: {
    readonly udpPort: number;
    readonly tlsPort: number;
    readonly relayPorts?: PortRange | undefined;
  };
  readonly edge:
    | false
    | {
        readonly httpsPort: number;
        readonly turnPort: number;
        readonly metricsPort: number;
        /** Only where the node orders its own certificate. */
        readonly acmePort?: number;
      };
  readonly api: { readonly port: number; readonly metricsPort: number };
}

/**
 * Media ports when the settings name none. On a bridge every published port costs two proxy
 * processes, 3 MiB each: 20 ports carry ten calls between two.
 */
const DEFAULT_MEDIA: Readonly<Record<NetworkMode, PortRange>> = {
  host: { from: 50_100, to: 50_200 },
  bridge: { from: 50_100, to: 50_119 },
};

/** A node that only relays and forwards has all of the unprivileged ports; half of the media ports can be relays. */
const CLOUD_MEDIA: PortRange = { from: 50_000, to: 60_000 };
const CLOUD_RELAY: PortRange = { from: 50_000, to: 54_999 };

/** Where ACME's HTTP-01 challenge is asked for (RFC 8555 section 8.3): no other port will do. */
const HTTP_PORT = 80;

/** The rows in the order documentation lists them. Behind an edge only the edge is public for TCP but `ice-tcp`. */
export function portTable(settings: PortSettings, network: NetworkMode): PortRow[] {
  const { livekit, rtc, turn, edge, api } = settings;
  // Relay ports that the settings name decide where the few of a bridge lie.
  const fewPorts = network === "bridge" ? turn.relayPorts : undefined;
  const inCloud = settings.target === "aws";
  const media = rtc.mediaPorts ?? fewPorts ?? (inCloud ? CLOUD_MEDIA : DEFAULT_MEDIA[network]);
  const relay = turn.relayPorts ?? (inCloud && !rtc.mediaPorts ? CLOUD_RELAY : media);
  const acmePort = edge ? edge.acmePort : undefined;
  const behindEdge = { exposure: edge ? "node" : "public" } as const;
  return [
    ...(inCloud ? [tcp("http", HTTP_PORT, "ACME challenges, and a redirect to HTTPS")] : []),
    ...(edge ? [tcp("https", edge.httpsPort, "HTTPS, wss and TURN/TLS")] : []),
    { ...tcp("signalling", livekit.port, "LiveKit signalling and server API"), ...behindEdge },
    tcp("ice-tcp", rtc.tcpPort, "media over ICE/TCP"),
    udp("media", media, "media over ICE/UDP"),
    { ...udp("relay", relay, "TURN relay addresses"), within: "media" },
    udp("turn-udp", turn.udpPort, "TURN/UDP and STUN"),
    tcp("turn-tls", turn.tlsPort, "TURN/TLS"),
    ...(edge ? [internal("turn-tcp", edge.turnPort, "TURN behind the edge")] : []),
    internal("metrics", livekit.metricsPort, "LiveKit's Prometheus metrics"),
    ...(edge ? [internal("edge-metrics", edge.metricsPort, "HAProxy's health and metrics")] : []),
    { ...tcp("api", api.port, "room tokens and ICE configurations"), ...behindEdge },
    internal("api-metrics", api.metricsPort, "the API's Prometheus metrics"),
    ...(acmePort === undefined ? [] : [internal("acme", acmePort, "answers to ACME challenges")]),
  ];
}

const internal = (name: RowName, port: number, purpose: string): PortRow => ({
  ...tcp(name, port, purpose),
  exposure: "node",
});

/** The setting that moves a row, for messages. */
export const settingOfRow = {
  http: "target",
  https: "edge.httpsPort",
  signalling: "livekit.port",
  "ice-tcp": "rtc.tcpPort",
  media: "rtc.mediaPorts",
  relay: "turn.relayPorts",
  "turn-udp": "turn.udpPort",
  "turn-tls": "turn.tlsPort",
  "turn-tcp": "edge.turnPort",
  metrics: "livekit.metricsPort",
  "edge-metrics": "edge.metricsPort",
  api: "api.port",
  "api-metrics": "api.metricsPort",
  acme: "edge.acmePort",
} as const satisfies Record<RowName, string>;
