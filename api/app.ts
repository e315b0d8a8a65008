/** The API as a Fastify application that has not been told to listen. */
import fastify, { type FastifyRequest } from "fastify";
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from "fastify-type-provider-zod";
import { answerError, answerNotFound } from "./errors.ts";
import type { Page } from "./page.ts";
import { caCertificateRoute } from "./routes/caCertificate.ts";
import { demoJoinRoute } from "./routes/demoJoin.ts";
import { demoPageRoutes } from "./routes/demoPage.ts";
import { healthRoute } from "./routes/health.ts";
import { iceConfigRoute } from "./routes/iceConfig.ts";
import { type RoomDeps, roomTokenRoute } from "./routes/roomToken.ts";
import { webrtcConfigRoute } from "./routes/webrtcConfig.ts";
import { requireSignIn, type SignIn } from "./signIn.ts";
import type { TurnDeps } from "./turnCredential.ts";
import type { ZodInstance } from "./zodInstance.ts";

/** Everything the API works with; clock and randomness among it. */
export interface ApiDeps extends TurnDeps, RoomDeps {
  readonly signIn: SignIn;
  /** PEM of the CA that clients shall come to trust; absent where they trust the certificate anyway. */
  readonly caCertificate?: string | undefined;
  /** Served, and anybody let into its calls, when it is there: in development. */
  readonly demoPage?: Page | undefined;
}

/** How the application runs. */
export interface ApiOptions {
  /** Where JSON log lines go. Default: standard output. */
  readonly logTo?: { write(line: string): void };
}

/**
 * The largest request body. What comes in as metadata or attributes goes out in a room token, which
 * clients put into the URL of a WebSocket, and a proxy in front takes 16 KiB of request head.
 */
const BODY_LIMIT_BYTES = 8 * 1024;
const REQUEST_TIMEOUT_MS = 10_000;

/** What a log line says of a request: no header, and no query, where tokens end up by mistake. */
const loggedRequest = ({ method, url, ip }: FastifyRequest) => ({
  method,
  path: url.split("?", 1)[0],
  remoteAddress: ip,
});

/** Builds the application: routes, sign-in, error answers and logging. */
export function buildApp(deps: ApiDeps, { logTo = process.stdout }: ApiOptions = {}): ZodInstance {
  const app = fastify({
    logger: { stream: logTo, serializers: { req: loggedRequest } },
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // The edge overwrites X-Forwarded headers; without one a client may have written them.
    trustProxy: deps.edgeLivekitUrl !== undefined,
    // HEAD would mint a credential that nobody gets to see.
    exposeHeadRoutes: false,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);

  healthRoute(app);
  if (deps.caCertificate !== undefined) caCertificateRoute(app, deps.caCertificate);
  if (deps.demoPage) {
    demoPageRoutes(app, deps.demoPage, deps);
    demoJoinRoute(app, deps);
  }
  void app.register((scope: ZodInstance, _options, done) => {
    requireSignIn(scope, deps.signIn);
    iceConfigRoute(scope, deps);
    webrtcConfigRoute(scope, deps);
    roomTokenRoute(scope, deps);
    done();
  });
  return app;
}
