/** Resources that pass every container and TURN rule, for tests that break one thing. */
import { stringify } from "yaml";
import { type Props, resource } from "../../support/policy.ts";
import { judge, type PackConfig } from "../../../policy/judge.ts";
import type { Resource } from "../../../policy/rule.ts";
import { containerRules } from "../../../policy/rules/container/index.ts";
import { specialRanges } from "../../../policy/rules/turn/specialRanges.ts";
import { turnRules } from "../../../policy/rules/turn/index.ts";
import { DOCKER_CONTAINER } from "../../../policy/subjects/dockerContainer.ts";
import { BUCKET_OBJECT } from "../../../policy/subjects/nodeDocument.ts";

export const LIVEKIT_IMAGE = "livekit/livekit-server:v1.13.11";
export const COTURN_IMAGE = "coturn/coturn:4.17.1-r0";

const containerProps: Props = {
  image: "haproxy:2.6.32-alpine",
  user: "65532:65532",
  capabilities: { drops: ["ALL"], adds: ["CAP_NET_BIND_SERVICE"] },
  readOnly: true,
  securityOpts: ["no-new-privileges:true"],
  memory: 256,
  memorySwap: 256,
  cpus: "1.0",
  healthcheck: { tests: ["CMD", "wget", "-q", "http://127.0.0.1/"] },
  restart: "unless-stopped",
  networkMode: "stack",
  ports: [{ internal: 443, external: 443, ip: "198.51.100.7", protocol: "tcp" }],
  envs: [
    "NODE_IP=198.51.100.7",
    "TURN_KEY_FILE=/etc/turn-key.json",
    "CREDENTIAL_TTL_SECONDS=86400",
  ],
  volumes: [{ volumeName: "files", containerPath: "/etc/files", readOnly: true }],
  logDriver: "json-file",
  logOpts: { "max-size": "10m", "max-file": "3" },
};

export const container = (changes: Props = {}, name = "container"): Resource =>
  resource(DOCKER_CONTAINER, { ...containerProps, ...changes }, { name });

/** A container that carries files into a volume and is never started. */
export const carrier = (changes: Props = {}): Resource =>
  resource(
    DOCKER_CONTAINER,
    {
      image: LIVEKIT_IMAGE,
      networkMode: "none",
      volumes: [{ volumeName: "files", containerPath: "/etc/files" }],
      start: false,
      mustRun: false,
      ...changes,
    },
    { name: "carrier" },
  );

interface Sections {
  readonly [key: string]: unknown;
  readonly rtc?: Props;
  readonly turn?: Props;
}

/** livekit.yaml, with sections changed key by key. */
export const livekitYaml = ({ rtc, turn, ...others }: Sections = {}): string =>
  stringify({
    port: 7880,
    bind_addresses: ["127.0.0.1"],
    prometheus: { port: 6789 },
    key_file: "/etc/livekit/keys.yaml",
    rtc: {
      tcp_port: 7881,
      port_range_start: 50_000,
      port_range_end: 60_000,
      use_external_ip: false,
      ...rtc,
    },
    turn: {
      enabled: true,
      domain: "turn.example.com",
      external_tls: true,
      udp_port: 443,
      tls_port: 5350,
      relay_range_start: 50_000,
      relay_range_end: 54_999,
      deny_peer_cidrs: specialRanges.map(({ cidr }) => cidr),
      allow_restricted_peer_cidrs: [],
      per_user_relay_allocation_limit: 12,
      ...turn,
    },
    ...others,
  });

const text = (path: string, content: string) => ({ path, mode: "0400", text: content });

/** A service of a node document. */
export const service = (changes: Props = {}): Props => ({
  name: "livekit",
  image: LIVEKIT_IMAGE,
  entrypoint: ["/livekit-server"],
  command: ["--config", "/etc/livekit/livekit.yaml"],
  environment: { NODE_IP: "address.invalid" },
  folders: [
    {
      path: "/etc/livekit",
      live: false,
      files: [text("/etc/livekit/livekit.yaml", livekitYaml())],
    },
  ],
  scratch: [],
  user: "65532:65532",
  capabilities: [],
  network: "own",
  readOnly: true,
  noNewPrivileges: true,
  healthCheck: { command: ["wget", "-q", "http://127.0.0.1:7880/"] },
  limits: { memoryMib: 1024, cpus: 2, stopSeconds: 10 },
  ...changes,
});

/** LiveKit as a service, with livekit.yaml changed. */
export const livekitService = (sections: Sections, changes: Props = {}): Props =>
  service({
    folders: [
      {
        path: "/etc/livekit",
        live: false,
        files: [text("/etc/livekit/livekit.yaml", livekitYaml(sections))],
      },
    ],
    ...changes,
  });

export const document = (services: readonly Props[] = [service()], changes: Props = {}): Resource =>
  resource(
    BUCKET_OBJECT,
    {
      key: "node/document.json",
      content: JSON.stringify({
        format: 1,
        stack: "prod",
        services,
        logs: { maxMib: 10, files: 3 },
      }),
      metadata: { "api-image": `api@sha256:${"a".repeat(64)}` },
      ...changes,
    },
    { name: "document" },
  );

/** A rule of a security group that lets UDP in from everywhere. */
export const ingress = (from: number, to: number, changes: Props = {}): Resource =>
  resource(
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    {
      ipProtocol: "udp",
      fromPort: from,
      toPort: to,
      cidrIpv4: "0.0.0.0/0",
      ...changes,
    },
    { name: `udp-${from}-${to}` },
  );

export const media = ingress(50_000, 60_000);

type CoturnChanges = Readonly<Record<string, string | number | undefined>>;

/** turnserver.conf, as lines; `undefined` takes one away. */
export const coturnConf = (changes: CoturnChanges = {}): string =>
  Object.entries<string | number | undefined>({
    "use-auth-secret": "",
    "static-auth-secret": "0123456789abcdef0123456789abcdef",
    realm: "example.com",
    "user-quota": 12,
    cert: "/etc/turn.crt",
    pkey: "/etc/turn.key",
    "min-port": 49_152,
    "max-port": 49_252,
    ...changes,
  })
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]))
    .concat(specialRanges.map(({ range }) => `denied-peer-ip=${dashed(range)}`))
    .join("\n");

/** Coturn on the machine's network, with its file. */
export const coturn = (conf: string, changes: Props = {}): Resource =>
  container({
    image: COTURN_IMAGE,
    networkMode: "host",
    ports: [],
    command: ["-c", "/etc/coturn/turnserver.conf"],
    uploads: [{ file: "/etc/coturn/turnserver.conf", content: conf }],
    ...changes,
  });

/** First and last address, as coturn writes a range. */
export const dashed = ({ family, first, last }: (typeof specialRanges)[number]["range"]): string =>
  [first, last].map(family === 4 ? ipv4 : ipv6).join("-");

export const ipv4 = (value: bigint): string =>
  [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");

export const ipv6 = (value: bigint): string =>
  Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt(16 * (7 - index))) & 0xffffn).toString(16),
  ).join(":");

/** What the rules say, as `rule: message`. */
export const complaints = (resources: readonly Resource[], config: PackConfig = {}): string[] =>
  judge([...containerRules, ...turnRules], resources, { config }).violations.map(
    ({ rule, message }) => `${rule}: ${message}`,
  );

/** Names of the rules that complain, each once. */
export const complainers = (resources: readonly Resource[], config: PackConfig = {}): string[] => [
  ...new Set(complaints(resources, config).map((it) => it.split(":")[0] ?? "")),
];

/** A container that carries files, by path. */
export function uploads(files: Readonly<Record<string, string>>, changes: Props = {}): Resource {
  return carrier({
    uploads: Object.entries(files).map(([file, content]) => ({ file, content })),
    ...changes,
  });
}

/** A node document with LiveKit, one section of livekit.yaml changed, and its ports open. */
export const withTurn = (turn: Props) => [document([livekitService({ turn })]), media];
export const withRtc = (rtc: Props) => [document([livekitService({ rtc })]), media];
export const withTop = (sections: Props) => [document([livekitService(sections)]), media];
/** The same with the service itself changed. */
export const withService = (changes: Props) => [document([service(changes)]), media];
export const withCoturn = (changes: CoturnChanges) => [coturn(coturnConf(changes))];
