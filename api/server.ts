/** The API's process: environment and secret files in, a listening server out. Bundled to one file. */
import closeWithGrace from "close-with-grace";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseApiEnv } from "../turn/apiEnv.ts";
import { livekit } from "../turn/livekit.ts";
import { buildApp } from "./app.ts";
import { bearerJwt } from "./bearerJwt.ts";
import { readPage } from "./page.ts";
import { readSecrets } from "./secrets.ts";

/** Requests under way get this long to end after SIGTERM; Docker kills after 10 s by default. */
const GRACE_MS = 5_000;

const now = () => new Date();

async function serve(): Promise<void> {
  const env = parseApiEnv(process.env);
  const { apiJwtSecret, ...secrets } = readSecrets(env);
  const app = buildApp({
    ...secrets,
    engine: livekit,
    signIn: bearerJwt(apiJwtSecret, now),
    iceUrls: env.ICE_URLS,
    credentialTtlSeconds: env.CREDENTIAL_TTL_SECONDS,
    livekitUrl: env.LIVEKIT_URL,
    edgeLivekitUrl: env.EDGE_LIVEKIT_URL,
    roomTokenTtlSeconds: env.ROOM_TOKEN_TTL_SECONDS,
    caCertificate:
      env.CA_CERTIFICATE_FILE === undefined
        ? undefined
        : readFileSync(env.CA_CERTIFICATE_FILE, "utf8"),
    demoPage: env.DEMO_PAGE_FILE === undefined ? undefined : readPage(env.DEMO_PAGE_FILE),
    now,
    randomId: randomUUID,
  });
  await app.listen({ host: env.HOST, port: env.PORT });
  // Not before: its handler of an ending process would turn a failed start into exit code 0.
  closeWithGrace({ delay: GRACE_MS, logger: app.log }, () => app.close());
}

try {
  await serve();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
