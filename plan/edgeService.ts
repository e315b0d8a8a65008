/** The edge: HAProxy ends TLS for TURN, HTTPS and wss, as a service of the plan. */
import { hasRow, listenAddress, row, type PortRow } from "../turn/ports.ts";
import { certificateReload, haproxyConfig } from "./haproxyConfig.ts";
import type { NetworkMode } from "./machine.ts";
import type { Limits, Service } from "./plan.ts";
import type { ProcessRights } from "./processRights.ts";

const FOLDER = "/etc/haproxy";
const RUN = "/run/haproxy";
const config = `${FOLDER}/haproxy.cfg`;
const reload = `${FOLDER}/certificate.lua`;
/** A folder of its own: the certificate changes while HAProxy runs. */
const TLS_FOLDER = "/etc/haproxy-tls";
const certificate = `${TLS_FOLDER}/server.pem`;

export interface EdgeServiceInput {
  readonly containerName: string;
  readonly image: string;
  readonly network: NetworkMode;
  readonly bindAddress: string;
  /** How the edge names the address where LiveKit takes TURN: Firefox needs one that is not loopback. */
  readonly turnAddress: string;
  readonly process: ProcessRights;
  /** Nothing secret. */
  readonly environment: Service["environment"];
  readonly ports: readonly PortRow[];
  readonly maxConnections: number;
  /** Whether browsers are told to use nothing but HTTPS. */
  readonly hsts: boolean;
  readonly limits: Limits;
}

export function edgeService(input: EdgeServiceInput): Service {
  const { network, bindAddress, ports } = input;
  const bridge = network === "bridge";
  const upstream = (
    service: string,
    name: PortRow["name"],
    address = listenAddress(row(ports, name), bindAddress),
  ) => `${bridge ? service : address}:${row(ports, name).from}`;
  const metrics = row(ports, "edge-metrics");
  return {
    name: "edge",
    containerName: input.containerName,
    image: input.image,
    entrypoint: ["/usr/local/sbin/haproxy"],
    command: ["-db", "-f", config],
    environment: input.environment,
    folders: [
      {
        path: FOLDER,
        live: false,
        files: [
          {
            path: config,
            mode: "0400",
            text: haproxyConfig({
              ports,
              bind: bridge
                ? { public: "0.0.0.0", node: "0.0.0.0" }
                : { public: bindAddress, node: listenAddress(metrics, bindAddress) },
              upstreams: {
                signalling: upstream("livekit", "signalling"),
                turn: upstream("livekit", "turn-tcp", input.turnAddress),
                api: upstream("api", "api"),
              },
              resolve: bridge,
              maxConnections: input.maxConnections,
              hsts: input.hsts,
              paths: { certificate, reload, webSocket: `${RUN}/web.sock` },
            }),
          },
          { path: reload, mode: "0400", text: certificateReload(certificate) },
        ],
      },
      {
        path: TLS_FOLDER,
        live: true,
        files: [{ path: certificate, mode: "0400", late: "certificateAndKey" }],
      },
    ],
    scratch: [RUN],
    ...input.process,
    // HAProxy handles no SIGTERM, and the first process of a container is not ended by one.
    stopSignal: "SIGUSR1",
    network: bridge ? "stack" : "host",
    ports: [
      ...(hasRow(ports, "http") ? (["http"] as const) : []),
      "https",
      "turn-tls",
      "edge-metrics",
    ],
    healthCheck: {
      command: ["wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${metrics.from}/healthz`],
      intervalSeconds: 2,
      timeoutSeconds: 2,
      retries: 5,
      startSeconds: 15,
    },
    limits: input.limits,
  };
}
