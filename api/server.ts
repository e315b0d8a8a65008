/** The API's process: environment and secret files in, listening servers out. Bundled to one file. */
import closeWithGrace from "close-with-grace";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type ApiEnv, parseApiEnv } from "../turn/apiEnv.ts";
import { livekit } from "../turn/livekit.ts";
import { buildApp } from "./app.ts";
import { readBlockedUsers, refuseBlocked } from "./blockedUsers.ts";
import { diagnosticsAccess } from "./diagnosticsAccess.ts";
import { iceChainOf } from "./iceSources/iceChainOf.ts";
import { keepOut } from "./keepOut.ts";
import { fetchUntil, lastOrders } from "./lastOrders.ts";
import { secretTexts } from "./logging/secretTexts.ts";
import { measureReadiness } from "./metrics/measureReadiness.ts";
import { createMetrics } from "./metrics/metrics.ts";
import { measureProcess, metricsServer } from "./metrics/metricsServer.ts";
import { securitySchemes } from "./openapi/securitySchemes.ts";
import { readPage } from "./page.ts";
import { nodeDocumentOf, readinessOf } from "./readiness/readiness.ts";
import { roomService } from "./removeParticipants.ts";
import { diagnosticsOf } from "./routes/diagnosticsPage.ts";
import { type ApiSecrets, readSecrets } from "./secrets.ts";
import { signInOf } from "./signIn/signInOf.ts";
import { withVerifier } from "./signIn/verifier.ts";
import { stopGracefully } from "./stop.ts";

/** Docker kills after 10 s by default; `stopGracefully` takes 4 s at most. */
const GRACE_MS = 5_000;

const now = () => new Date();

/** What the application works with, from what the deployment says. */
function depsOf(
  env: ApiEnv,
  { signIn, iceSources, verifierKey, ...keys }: ApiSecrets,
  stopping: AbortSignal,
) {
  const { CA_CERTIFICATE_FILE, DEMO_PAGE_FILE, DIAGNOSTICS_PAGE_FILE } = env;
  const blockedUsers = readBlockedUsers(env.BLOCKED_USERS_FILE, now);
  const fetch = fetchUntil(lastOrders(stopping), globalThis.fetch);
  const users = signInOf(signIn, { now, fetch, origins: env.CORS_ORIGINS });
  const ownTurn = { engine: livekit, turnKey: keys.turnKey, iceUrls: env.ICE_URLS };
  return {
    ...keys,
    blockedUsers,
    signIn: withVerifier(verifierKey, now, refuseBlocked(blockedUsers, users)),
    securitySchemes: securitySchemes(signIn),
    iceSources: iceChainOf(iceSources, { ownTurn, fetch }),
    keyGeneration: env.KEY_GENERATION,
    credentialTtlSeconds: env.CREDENTIAL_TTL_SECONDS,
    livekitUrl: env.LIVEKIT_URL,
    edgeLivekitUrl: env.EDGE_LIVEKIT_URL,
    roomTokenTtlSeconds: env.ROOM_TOKEN_TTL_SECONDS,
    grants: env.ROOM_GRANTS,
    userRequestsPerMinute: env.USER_REQUESTS_PER_MINUTE,
    addressRequestsPerMinute: env.ADDRESS_REQUESTS_PER_MINUTE,
    corsOrigins: env.CORS_ORIGINS,
    readiness: readinessOf({
      livekitHttpUrl: env.LIVEKIT_HTTP_URL,
      certificateFile: env.CERTIFICATE_FILE,
      now,
    }),
    nodeDocument: nodeDocumentOf(env.NODE_STATUS_FILE),
    metrics: createMetrics(),
    caCertificate:
      CA_CERTIFICATE_FILE === undefined ? undefined : readFileSync(CA_CERTIFICATE_FILE, "utf8"),
    demoPage: DEMO_PAGE_FILE === undefined ? undefined : readPage(DEMO_PAGE_FILE),
    diagnostics:
      DIAGNOSTICS_PAGE_FILE === undefined
        ? undefined
        : diagnosticsOf(
            readPage(DIAGNOSTICS_PAGE_FILE),
            diagnosticsAccess(signIn, DEMO_PAGE_FILE !== undefined),
          ),
    now,
    randomId: randomUUID,
  };
}

/** Serves the metrics; resolves when the port is open. */
async function serveMetrics({ metrics, readiness }: ReturnType<typeof depsOf>, env: ApiEnv) {
  const { registry } = metrics;
  measureProcess(registry);
  measureReadiness(registry, readiness);
  const server = metricsServer(registry).listen(env.METRICS_PORT, env.METRICS_HOST);
  await once(server, "listening");
  return server;
}

async function serve(): Promise<void> {
  const env = parseApiEnv(process.env);
  const secrets = readSecrets(env);
  const stopping = new AbortController();
  const deps = depsOf(env, secrets, stopping.signal);
  const app = buildApp(deps, { secrets: secretTexts(secrets), stopping: stopping.signal });
  const metrics = await serveMetrics(deps, env);
  await app.listen({ host: env.HOST, port: env.PORT });
  const rooms = roomService(env.LIVEKIT_HTTP_URL, deps.roomKey);
  keepOut({ ...deps, rooms, log: app.log });
  // Not before: its handler of an ending process would turn a failed start into exit code 0.
  closeWithGrace({ delay: GRACE_MS, logger: app.log }, async () => {
    await stopGracefully(app, stopping);
    metrics.close();
    metrics.closeAllConnections();
  });
}

try {
  await serve();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
  // A server that listens already would keep the process alive.
  process.exit();
}
