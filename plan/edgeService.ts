/** The edge: HAProxy ends TLS for TURN, HTTPS and wss, as a service of the plan. */
import { listenAddress, row, type PortRow } from "../turn/ports.ts";
import { certificateReload, haproxyConfig } from "./haproxyConfig.ts";
import type { NetworkMode } from "./machine.ts";
import type { Limits, Service } from "./plan.ts";

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
  readonly nodeAddress: string;
  readonly ports: readonly PortRow[];
  readonly maxConnections: number;
  readonly limits: Limits;
}

export function edgeService(input: EdgeServiceInput): Service {
  const { network, nodeAddress, ports } = input;
  const bridge = network === "bridge";
  const upstream = (service: string, name: PortRow["name"]) => {
    const it = row(ports, name);
    return `${bridge ? service : listenAddress(it, nodeAddress)}:${it.from}`;
  };
  const metrics = row(ports, "edge-metrics");
  return {
    name: "edge",
    containerName: input.containerName,
    image: input.image,
    entrypoint: ["/usr/local/sbin/haproxy"],
    command: ["-db", "-f", config],
    environment: {},
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
                : { public: nodeAddress, node: listenAddress(metrics, nodeAddress) },
              upstreams: {
                signalling: upstream("livekit", "signalling"),
                turn: upstream("livekit", "turn-tcp"),
                api: upstream("api", "api"),
              },
              resolve: bridge,
              maxConnections: input.maxConnections,
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
    // Port 443 on the host network needs a capability, and Docker gives an added one to uid 0 only.
    user: "0:0",
    // HAProxy handles no SIGTERM, and the first process of a container is not ended by one.
    stopSignal: "SIGUSR1",
    capabilities: ["CAP_NET_BIND_SERVICE"],
    network: bridge ? "stack" : "host",
    ports: ["https", "turn-tls", "edge-metrics"],
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
