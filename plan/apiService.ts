/** The API server, as a service of the plan. */
import { renderApiEnv } from "../turn/apiEnv.ts";
import { listenAddress, LOOPBACK, row, type PortRow } from "../turn/ports.ts";
import type { RoomGrants } from "../turn/roomGrants.ts";
import type { NetworkMode } from "./machine.ts";
import type { Limits, Service, ServiceFile } from "./plan.ts";
import type { ProcessRights } from "./processRights.ts";

const FOLDER = "/etc/turnkey";
/** Where an image made by api/Dockerfile has its bundles. */
const IMAGE_FOLDER = "/app";
const caCertificate = `${FOLDER}/ca.crt`;
/** A folder of its own: what is in it changes while the API runs. */
const LIVE_FOLDER = "/etc/turnkey-live";
const blockedUsers = `${LIVE_FOLDER}/blocked-users.json`;
const certificate = `${LIVE_FOLDER}/certificate.pem`;
/** Written by the node's agent, which finds it by the variable. */
const nodeStatus = `${LIVE_FOLDER}/node-status.json`;
const secrets = {
  ROOM_KEY_FILE: `${FOLDER}/room-key.json`,
  TURN_KEY_FILE: `${FOLDER}/turn-key.json`,
  SIGN_IN_FILE: `${FOLDER}/sign-in.json`,
  ICE_SOURCES_FILE: `${FOLDER}/ice-sources.json`,
  VERIFIER_KEY_FILE: `${FOLDER}/verifier-key`,
  USER_ID_KEY_FILE: `${FOLDER}/user-id-key`,
};

export interface ApiServiceInput {
  readonly containerName: string;
  readonly image: string;
  readonly network: NetworkMode;
  readonly bindAddress: string;
  readonly process: ProcessRights;
  /** Whether the image holds the bundles; else they are files beside it. */
  readonly holdsBundles: boolean;
  readonly ports: readonly PortRow[];
  /** Where clients reach LiveKit: those that come through the edge, and those on the node. */
  readonly livekitUrls: { readonly edge: string | undefined; readonly node: string };
  readonly iceUrls: readonly string[];
  readonly credentialTtlSeconds: number;
  readonly roomTokenTtlSeconds: number;
  /** Of the keys that credentials and tokens are made with. */
  readonly keyGeneration: number;
  readonly grants: RoomGrants;
  readonly userRequestsPerMinute: number;
  readonly addressRequestsPerMinute: number;
  readonly corsOrigins: readonly string[];
  /** Ids of users who get no credentials and tokens. */
  readonly blockedUsers: readonly string[];
  /** Whether clients are to get the local CA's certificate: where the server's is from it. */
  readonly handsOutCa: boolean;
  readonly servesDemo: boolean;
  readonly servesDiagnostics: boolean;
  readonly limits: Limits;
}

/** Readable for the group, which is root's where files belong to root: the process runs as a user that owns nothing. */
const secret = (path: string, late: Extract<ServiceFile, { late: unknown }>["late"]) => ({
  path,
  mode: "0440",
  late,
});

/** On the node's own network, so that it reaches what the node reaches: LiveKit, and an application that signs users in. */
export function apiService(input: ApiServiceInput): Service {
  const { network, bindAddress, ports } = input;
  const bridge = network === "bridge";
  const [own, metrics, signalling] = [
    row(ports, "api"),
    row(ports, "api-metrics"),
    row(ports, "signalling"),
  ];
  const host = bridge ? "0.0.0.0" : listenAddress(own, bindAddress);
  const livekitHost = bridge ? "livekit" : listenAddress(signalling, bindAddress);
  const bundles = input.holdsBundles ? IMAGE_FOLDER : FOLDER;
  const bundle = `${bundles}/server.mjs`;
  const demoPage = `${bundles}/demo-page.json`;
  const diagnosticsPage = `${bundles}/diagnostics-page.json`;
  const bundleFiles: ServiceFile[] = [
    { path: bundle, mode: "0444", bundle: "api" },
    ...(input.servesDemo ? ([{ path: demoPage, mode: "0444", bundle: "demoPage" }] as const) : []),
    ...(input.servesDiagnostics
      ? ([{ path: diagnosticsPage, mode: "0444", bundle: "diagnosticsPage" }] as const)
      : []),
  ];
  return {
    name: "api",
    containerName: input.containerName,
    image: input.image,
    entrypoint: ["node"],
    command: [bundle],
    environment: renderApiEnv({
      HOST: host,
      PORT: own.from,
      METRICS_HOST: bridge ? "0.0.0.0" : listenAddress(metrics, bindAddress),
      METRICS_PORT: metrics.from,
      LIVEKIT_HTTP_URL: `http://${livekitHost}:${signalling.from}`,
      LIVEKIT_URL: input.livekitUrls.node,
      EDGE_LIVEKIT_URL: input.livekitUrls.edge,
      ICE_URLS: [...input.iceUrls],
      CREDENTIAL_TTL_SECONDS: input.credentialTtlSeconds,
      ROOM_TOKEN_TTL_SECONDS: input.roomTokenTtlSeconds,
      KEY_GENERATION: input.keyGeneration,
      ROOM_GRANTS: input.grants,
      USER_REQUESTS_PER_MINUTE: input.userRequestsPerMinute,
      ADDRESS_REQUESTS_PER_MINUTE: input.addressRequestsPerMinute,
      CORS_ORIGINS: [...input.corsOrigins],
      BLOCKED_USERS_FILE: blockedUsers,
      CERTIFICATE_FILE: certificate,
      // Where the image holds the bundles there is a node with an agent.
      ...(input.holdsBundles ? { NODE_STATUS_FILE: nodeStatus } : {}),
      ...secrets,
      ...(input.handsOutCa ? { CA_CERTIFICATE_FILE: caCertificate } : {}),
      ...(input.servesDemo ? { DEMO_PAGE_FILE: demoPage } : {}),
      ...(input.servesDiagnostics ? { DIAGNOSTICS_PAGE_FILE: diagnosticsPage } : {}),
    }),
    folders: [
      {
        path: FOLDER,
        live: false,
        files: [
          ...(input.holdsBundles ? [] : bundleFiles),
          secret(secrets.ROOM_KEY_FILE, "roomKey"),
          secret(secrets.TURN_KEY_FILE, "turnKey"),
          secret(secrets.SIGN_IN_FILE, "signIn"),
          secret(secrets.ICE_SOURCES_FILE, "iceSources"),
          secret(secrets.VERIFIER_KEY_FILE, "verifierKey"),
          secret(secrets.USER_ID_KEY_FILE, "userIdKey"),
          ...(input.handsOutCa
            ? ([{ path: caCertificate, mode: "0444", late: "caCertificate" }] as const)
            : []),
        ],
      },
      {
        path: LIVE_FOLDER,
        live: true,
        files: [
          { path: blockedUsers, mode: "0444", text: JSON.stringify(input.blockedUsers) },
          { path: certificate, mode: "0444", late: "certificate" },
        ],
      },
    ],
    scratch: [],
    ...input.process,
    stopSignal: "SIGTERM",
    network: bridge ? "stack" : "host",
    ports: ["api", "api-metrics"],
    healthCheck: {
      command: [
        "node",
        "-e",
        `fetch("http://${bridge ? LOOPBACK : host}:${own.from}/healthz").then((it) => process.exit(it.ok ? 0 : 1), () => process.exit(1))`,
      ],
      intervalSeconds: 2,
      timeoutSeconds: 3,
      retries: 5,
      startSeconds: 15,
    },
    limits: input.limits,
  };
}
