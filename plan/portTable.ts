/** The port table of a stack: every opened port, with what it is for and who may reach it. */
import type { PortRow, RowName } from "../turn/ports.ts";

interface Range {
  readonly from: number;
  readonly to: number;
}
type Ports = number | Range;

/** The settings that the table is made of. */
export interface PortSettings {
  readonly livekit: { readonly port: number; readonly metricsPort: number };
  readonly rtc: { readonly tcpPort: number; readonly mediaPorts: Range };
  readonly turn: { readonly udpPort: number; readonly tlsPort: number; readonly relayPorts: Range };
  readonly api: { readonly port: number };
}

const range = (ports: Ports) => (typeof ports === "number" ? { from: ports, to: ports } : ports);

const tcp = (name: RowName, ports: Ports, purpose: string): PortRow => ({
  name,
  protocol: "tcp",
  ...range(ports),
  purpose,
  exposure: "public",
});

const udp = (name: RowName, ports: Ports, purpose: string): PortRow => ({
  ...tcp(name, ports, purpose),
  protocol: "udp",
});

/** The rows in the order documentation lists them. All of them are LiveKit's but `api`. */
export const portTable = ({ livekit, rtc, turn, api }: PortSettings): PortRow[] => [
  tcp("signalling", livekit.port, "LiveKit signalling and server API"),
  tcp("ice-tcp", rtc.tcpPort, "media over ICE/TCP"),
  udp("media", rtc.mediaPorts, "media over ICE/UDP"),
  { ...udp("relay", turn.relayPorts, "TURN relay addresses"), within: "media" },
  udp("turn-udp", turn.udpPort, "TURN/UDP and STUN"),
  tcp("turn-tls", turn.tlsPort, "TURN/TLS"),
  { ...tcp("metrics", livekit.metricsPort, "LiveKit's Prometheus metrics"), exposure: "node" },
  tcp("api", api.port, "room tokens and ICE configurations"),
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
} as const satisfies Record<RowName, string>;
