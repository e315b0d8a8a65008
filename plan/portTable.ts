/** The port table of a stack: every opened port, with what it is for and who may reach it. */
import { type PortRange, type PortRow, type RowName, tcp, udp } from "../turn/ports.ts";

/** The settings that the table is made of. */
export interface PortSettings {
  readonly livekit: { readonly port: number; readonly metricsPort: number };
  readonly rtc: { readonly tcpPort: number; readonly mediaPorts: PortRange };
  readonly turn: {
    readonly udpPort: number;
    readonly tlsPort: number;
    readonly relayPorts: PortRange;
  };
  readonly api: { readonly port: number };
}

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
