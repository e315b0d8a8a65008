/** LiveKit of the plan, but ending TLS itself: what the edge is measured against. */
import { parse, stringify } from "yaml";
import type { LivekitConfig } from "../../plan/livekitYaml.ts";
import type { Service } from "../../plan/plan.ts";

/** Where it listens, and with what. */
export interface OwnTls {
  readonly address: string;
  readonly tlsPort: number;
  /** Absolute paths in the container. */
  readonly certificate: string;
  readonly key: string;
  /** How much further on its other ports are than those of the first, which runs beside it. */
  readonly beside: number;
}

/** livekit.yaml with nothing else changed than who ends TLS, and what cannot be opened twice. */
export function withOwnTls(yaml: string, own: OwnTls): string {
  const { address, tlsPort, certificate, key, beside } = own;
  const config: LivekitConfig = parse(yaml);
  const { external_tls: _, ...turn } = config.turn;
  return stringify({
    ...config,
    port: config.port + beside,
    prometheus: { port: config.prometheus.port + beside },
    rtc: { ...config.rtc, tcp_port: config.rtc.tcp_port + beside },
    turn: {
      ...turn,
      bind_addresses: [address],
      tls_port: tlsPort,
      cert_file: certificate,
      key_file: key,
    },
  } satisfies LivekitConfig);
}

const FOLDER = "/etc/livekit-tls";

/** The service with that text, its certificate, and an address of its own. */
export function ownTlsService(
  service: Service,
  at: Pick<OwnTls, "address" | "tlsPort" | "beside">,
): Service {
  const [certificate, key] = [`${FOLDER}/turn.crt`, `${FOLDER}/turn.key`];
  const own = { ...at, certificate, key };
  return {
    ...service,
    environment: { ...service.environment, NODE_IP: at.address },
    folders: [
      ...service.folders.map((folder) => ({
        ...folder,
        files: folder.files.map((file) =>
          "text" in file ? { ...file, text: withOwnTls(file.text, own) } : file,
        ),
      })),
      {
        path: FOLDER,
        live: false,
        files: [
          { path: certificate, mode: "0400", late: "certificate" },
          { path: key, mode: "0400", late: "certificateKey" },
        ],
      },
    ],
  };
}
