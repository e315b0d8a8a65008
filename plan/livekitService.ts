/** LiveKit with its embedded TURN relay, as a service of the plan. */
import { hasRow, listenAddress, row, type PortRow } from "../turn/ports.ts";
import { livekitYaml } from "./livekitYaml.ts";
import type { NetworkMode } from "./machine.ts";
import type { PeerPolicy } from "./peerPolicy.ts";
import type { Limits, Service } from "./plan.ts";
import type { ProcessRights } from "./processRights.ts";

const FOLDER = "/etc/livekit";
const config = `${FOLDER}/livekit.yaml`;
const keys = `${FOLDER}/keys.yaml`;
const certificate = `${FOLDER}/turn.crt`;
const certificateKey = `${FOLDER}/turn.key`;

export interface LivekitServiceInput {
  readonly containerName: string;
  readonly image: string;
  readonly version: string;
  readonly network: NetworkMode;
  readonly nodeAddress: string;
  readonly bindAddress: string;
  /** The only addresses to gather media candidates from, a CIDR: LiveKit is to pass over a node's other interfaces. */
  readonly mediaCidr: string;
  readonly peers: PeerPolicy;
  /** Undefined where it is the node's address, which is known only later: the environment names it. */
  readonly turnDomain: string | undefined;
  readonly process: ProcessRights;
  readonly ports: readonly PortRow[];
  readonly allocationsPerUser: number | undefined;
  readonly limits: Limits;
}

export function livekitService(input: LivekitServiceInput): Service {
  const { network, nodeAddress, bindAddress, ports } = input;
  const behindEdge = hasRow(ports, "https");
  const signalling = row(ports, "signalling");
  // In a network of its own LiveKit has one address, which changes, and publishing decides who gets in.
  const bind =
    network === "bridge"
      ? { http: "0.0.0.0", turn: "0.0.0.0" }
      : { http: listenAddress(signalling, bindAddress), turn: bindAddress };
  const healthAddress = bind.http === "0.0.0.0" ? "127.0.0.1" : bind.http;
  const yaml = livekitYaml({
    ...input,
    bind,
    mediaCidr: network === "bridge" ? undefined : input.mediaCidr,
    keys,
    certificate: behindEdge ? undefined : { chain: certificate, key: certificateKey },
  });
  return {
    name: "livekit",
    containerName: input.containerName,
    image: input.image,
    entrypoint: ["/livekit-server"],
    command: ["--config", config],
    environment: {
      NODE_IP: nodeAddress,
      ...(input.turnDomain === undefined ? { LIVEKIT_TURN_DOMAIN: nodeAddress } : {}),
    },
    folders: [
      {
        path: FOLDER,
        live: false,
        files: [
          { path: config, mode: "0400", text: yaml },
          { path: keys, mode: "0400", late: "livekitKeys" },
          ...(behindEdge
            ? []
            : ([
                { path: certificate, mode: "0400", late: "certificate" },
                { path: certificateKey, mode: "0400", late: "certificateKey" },
              ] as const)),
        ],
      },
    ],
    scratch: [],
    ...input.process,
    stopSignal: "SIGTERM",
    // Publishing a range of ports starts two proxy processes for each of them.
    network: network === "bridge" ? "stack" : "host",
    ports: [
      "signalling",
      "ice-tcp",
      "media",
      "relay",
      "turn-udp",
      behindEdge ? "turn-tcp" : "turn-tls",
      "metrics",
    ],
    healthCheck: {
      command: ["wget", "-q", "-O", "/dev/null", `http://${healthAddress}:${signalling.from}/`],
      intervalSeconds: 2,
      timeoutSeconds: 2,
      retries: 5,
      startSeconds: 15,
    },
    limits: input.limits,
  };
}
