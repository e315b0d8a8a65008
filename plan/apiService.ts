/** The API server, as a service of the plan. */
import { renderApiEnv } from "../turn/apiEnv.ts";
import type { Service, ServiceFile } from "./plan.ts";

const FOLDER = "/etc/turnkey";
const bundle = `${FOLDER}/server.mjs`;
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
  readonly livekitUrl: string;
  readonly iceUrls: readonly string[];
  readonly credentialTtlSeconds: number;
  readonly roomTokenTtlSeconds: number;
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
    LIVEKIT_URL: input.livekitUrl,
    ICE_URLS: [...input.iceUrls],
    CREDENTIAL_TTL_SECONDS: input.credentialTtlSeconds,
    ROOM_TOKEN_TTL_SECONDS: input.roomTokenTtlSeconds,
    ...secrets,
  }),
  folder: FOLDER,
  files: [
    { path: bundle, mode: "0444", bundle: "api" },
    secret(secrets.ROOM_KEY_FILE, "roomKey"),
    secret(secrets.TURN_KEY_FILE, "turnKey"),
    secret(secrets.API_JWT_SECRET_FILE, "apiJwtSecret"),
    secret(secrets.USER_ID_KEY_FILE, "userIdKey"),
  ],
  user: "65532:0",
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
  memoryMib: 256,
  cpus: "1.0",
  stopSeconds: 10,
});
