/** LiveKit with its embedded TURN relay, as a service of the plan. */
import type { PortRow } from "../turn/ports.ts";
import { livekitYaml } from "./livekitYaml.ts";
import { peerPolicy } from "./peerPolicy.ts";
import type { Service } from "./plan.ts";

const FOLDER = "/etc/livekit";
const paths = {
  config: `${FOLDER}/livekit.yaml`,
  keys: `${FOLDER}/keys.yaml`,
  certificate: `${FOLDER}/turn.crt`,
  key: `${FOLDER}/turn.key`,
};

export interface LivekitServiceInput {
  readonly containerName: string;
  readonly image: string;
  readonly nodeAddress: string;
  readonly turnDomain: string;
  readonly ports: readonly PortRow[];
  readonly signallingPort: number;
}

export const livekitService = (input: LivekitServiceInput): Service => ({
  name: "livekit",
  containerName: input.containerName,
  image: input.image,
  entrypoint: ["/livekit-server"],
  command: ["--config", paths.config],
  environment: { NODE_IP: input.nodeAddress },
  folder: FOLDER,
  files: [
    {
      path: paths.config,
      mode: "0400",
      text: livekitYaml({ ...input, peers: peerPolicy(input.nodeAddress), paths }),
    },
    { path: paths.keys, mode: "0400", late: "livekitKeys" },
    { path: paths.certificate, mode: "0400", late: "turnCertificate" },
    { path: paths.key, mode: "0400", late: "turnCertificateKey" },
  ],
  // Port 443 on the host network needs a capability, and Docker gives an added one to uid 0 only.
  user: "0:0",
  capabilities: ["CAP_NET_BIND_SERVICE"],
  // Publishing a range of ports would start two proxy processes for each of them.
  network: "host",
  ports: ["signalling", "ice-tcp", "media", "relay", "turn-udp", "turn-tls", "metrics"],
  healthCheck: {
    command: [
      "wget",
      "-q",
      "-O",
      "/dev/null",
      `http://${input.nodeAddress}:${input.signallingPort}/`,
    ],
    intervalSeconds: 2,
    timeoutSeconds: 2,
    retries: 5,
    startSeconds: 15,
  },
  memoryMib: 1024,
  cpus: "2.0",
  stopSeconds: 10,
});
