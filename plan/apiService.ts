/** The API server, as a service of the plan. */
import { renderApiEnv } from "../turn/apiEnv.ts";
import type { Limits, Service, ServiceFile } from "./plan.ts";

const FOLDER = "/etc/turnkey";
const bundle = `${FOLDER}/server.mjs`;
const demoPage = `${FOLDER}/demo-page.json`;
const caCertificate = `${FOLDER}/ca.crt`;
const secrets = {
  ROOM_KEY_FILE: `${FOLDER}/room-key.json`,
  TURN_KEY_FILE: `${FOLDER}/turn-key.json`,
  API_JWT_SECRET_FILE: `${FOLDER}/api-jwt-secret`,
  USER_ID_KEY_FILE: `${FOLDER}/user-id-key`,
};

export interface ApiServiceInput {
  readonly containerName: string;
  readonly image: string;
  readonly port: number;
  /** Where clients reach LiveKit: those that come through the edge, and those on the node. */
  readonly livekitUrls: { readonly edge: string | undefined; readonly node: string };
  readonly iceUrls: readonly string[];
  readonly credentialTtlSeconds: number;
  readonly roomTokenTtlSeconds: number;
  /** Whether clients are to get the local CA's certificate: where the server's is from it. */
  readonly handsOutCa: boolean;
  readonly servesDemo: boolean;
  readonly limits: Limits;
}

/** Readable for the group, which is root's: the process runs as a user that owns nothing. */
const secret = (path: string, late: Extract<ServiceFile, { late: unknown }>["late"]) => ({
  path,
  mode: "0440",
  late,
});

export const apiService = (input: ApiServiceInput): Service => ({
  name: "api",
  containerName: input.containerName,
  image: input.image,
  entrypoint: ["node"],
  command: [bundle],
  environment: renderApiEnv({
    HOST: "0.0.0.0",
    PORT: input.port,
    LIVEKIT_URL: input.livekitUrls.node,
    EDGE_LIVEKIT_URL: input.livekitUrls.edge,
    ICE_URLS: [...input.iceUrls],
    CREDENTIAL_TTL_SECONDS: input.credentialTtlSeconds,
    ROOM_TOKEN_TTL_SECONDS: input.roomTokenTtlSeconds,
    ...secrets,
    ...(input.handsOutCa ? { CA_CERTIFICATE_FILE: caCertificate } : {}),
    ...(input.servesDemo ? { DEMO_PAGE_FILE: demoPage } : {}),
  }),
  folders: [
    {
      path: FOLDER,
      live: false,
      files: [
        { path: bundle, mode: "0444", bundle: "api" },
        secret(secrets.ROOM_KEY_FILE, "roomKey"),
        secret(secrets.TURN_KEY_FILE, "turnKey"),
        secret(secrets.API_JWT_SECRET_FILE, "apiJwtSecret"),
        secret(secrets.USER_ID_KEY_FILE, "userIdKey"),
        ...(input.handsOutCa
          ? ([{ path: caCertificate, mode: "0444", late: "caCertificate" }] as const)
          : []),
        ...(input.servesDemo
          ? ([{ path: demoPage, mode: "0444", bundle: "demoPage" }] as const)
          : []),
      ],
    },
  ],
  scratch: [],
  user: "65532:0",
  stopSignal: "SIGTERM",
  capabilities: [],
  network: "stack",
  ports: ["api"],
  healthCheck: {
    command: [
      "node",
      "-e",
      `fetch("http://127.0.0.1:${input.port}/healthz").then((it) => process.exit(it.ok ? 0 : 1), () => process.exit(1))`,
    ],
    intervalSeconds: 2,
    timeoutSeconds: 3,
    retries: 5,
    startSeconds: 15,
  },
  limits: input.limits,
});
