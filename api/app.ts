/** The API as a Fastify application that has not been told to listen. */
import rateLimit from "@fastify/rate-limit";
import fastify from "fastify";
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from "fastify-type-provider-zod";
import { answerError, answerNotFound } from "./errors.ts";
import { allowOrigins } from "./limits/allowOrigins.ts";
import { answerUnreadable, answerUnroutable } from "./limits/badRequests.ts";
import { limitAddresses, type LimitedBy, limitUsers } from "./limits/rateLimits.ts";
import { refuseWhileDraining } from "./limits/refuseWhileDraining.ts";
import { setSecurityHeaders } from "./limits/securityHeaders.ts";
import { answerUnknownEarly, limitHeads, serverLimits } from "./limits/serverLimits.ts";
import { type Pressure, shedLoad } from "./limits/shedLoad.ts";
import { loggerOptions, RequestLines } from "./logging/logger.ts";
import type { LogSink } from "./logging/redacting.ts";
import { requestIdOf, tellRequestIds } from "./logging/requestIds.ts";
import { countAudits } from "./metrics/countAudits.ts";
import { countSignIns } from "./metrics/countSignIns.ts";
import { countUnmatched, measureRequests } from "./metrics/measureRequests.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { describeApi } from "./openapi/describeApi.ts";
import { type SecurityScheme, signInHeaders } from "./openapi/securitySchemes.ts";
import type { Page } from "./page.ts";
import type { NodeDocument, Readiness } from "./readiness/readiness.ts";
import { caCertificateRoute } from "./routes/caCertificate.ts";
import { demoJoinRoute } from "./routes/demoJoin.ts";
import { demoPageRoutes } from "./routes/demoPage.ts";
import {
  type Diagnostics,
  openDiagnosticsRoutes,
  signedInDiagnosticsRoutes,
} from "./routes/diagnosticsPage.ts";
import { healthRoute } from "./routes/health.ts";
import { iceConfigRoute } from "./routes/iceConfig.ts";
import { openapiRoute } from "./routes/openapi.ts";
import { readyRoute } from "./routes/ready.ts";
import { type RoomDeps, roomTokenRoute } from "./routes/roomToken.ts";
import { webrtcConfigRoute } from "./routes/webrtcConfig.ts";
import { requireSignIn, type SignIn } from "./signIn.ts";
import { tellOfStop } from "./stop.ts";
import type { TurnDeps } from "./turnCredential.ts";
import type { ZodInstance } from "./zodInstance.ts";

/** Everything the API works with; clock and randomness among it. */
export interface ApiDeps extends TurnDeps, RoomDeps {
  readonly signIn: SignIn;
  /** How users sign in, for the description of the API. */
  readonly securitySchemes: Record<string, SecurityScheme>;
  readonly userRequestsPerMinute: number;
  readonly addressRequestsPerMinute: number;
  /** Origins whose pages may use the API with the user's sign-in. */
  readonly corsOrigins: readonly string[];
  readonly readiness: Readiness;
  /** Undefined off a node of a cloud. */
  readonly nodeDocument?: NodeDocument | undefined;
  readonly metrics: Metrics;
  /** PEM of the CA that clients shall come to trust; absent where they trust the certificate anyway. */
  readonly caCertificate?: string | undefined;
  /** Served, and anybody let into its calls, when it is there: in development. */
  readonly demoPage?: Page | undefined;
  /** Served when it is there. */
  readonly diagnostics?: Diagnostics | undefined;
}

/** How the application runs. */
export interface ApiOptions {
  /** Where JSON log lines go. Default: standard output. */
  readonly logTo?: LogSink;
  /** Texts that no log line holds. Default: none. */
  readonly secrets?: readonly string[];
  /** When requests are shed. Default: the defaults of `Pressure`. */
  readonly pressure?: Pressure;
  /** Aborted when the server is about to end (`stopGracefully`). Default: it never is. */
  readonly stopping?: AbortSignal;
}

/** Builds the application: what every request meets, then the routes. */
export function buildApp(
  deps: ApiDeps,
  {
    logTo = process.stdout,
    secrets = [],
    pressure = {},
    stopping = new AbortController().signal,
  }: ApiOptions = {},
): ZodInstance {
  const { edgeLivekitUrl, metrics } = deps;
  // The edge overwrites X-Forwarded headers; without one a client may have written them.
  const behindEdge = edgeLivekitUrl !== undefined;
  const onAudit = countAudits(metrics);
  const onRefused = (by: LimitedBy) => metrics.limited.inc({ by });
  const app = fastify({
    ...serverLimits,
    logger: loggerOptions({ logTo, secrets, onAudit }),
    logController: new RequestLines(),
    genReqId: requestIdOf(behindEdge),
    trustProxy: behindEdge,
    clientErrorHandler: answerUnreadable,
    frameworkErrors: answerUnroutable((status) => countUnmatched(metrics, status)),
    // HEAD would mint a credential that nobody gets to see.
    exposeHeadRoutes: false,
    // A request that came while the server ends is answered like any other.
    return503OnClosing: false,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);
  // A page of any origin may send it without being asked (CORS, simple requests).
  app.removeContentTypeParser("text/plain");

  measureRequests(app, metrics);
  tellOfStop(app, stopping);
  tellRequestIds(app);
  setSecurityHeaders(app);
  allowOrigins(app, deps.corsOrigins, signInHeaders(deps.securitySchemes));
  shedLoad(app, pressure, () => metrics.shed.inc());
  describeApi(app, deps.securitySchemes);
  void app.register(rateLimit, { global: false });
  app.after(() => {
    limitHeads(app);
    limitAddresses(app, { perMinute: deps.addressRequestsPerMinute, onRefused });
    answerUnknownEarly(app);
  });

  void app.register((open: ZodInstance, _options, done) => {
    healthRoute(open);
    readyRoute(open, deps.readiness, stopping, deps.nodeDocument);
    openapiRoute(open);
    if (deps.caCertificate !== undefined) caCertificateRoute(open, deps.caCertificate);
    if (deps.demoPage) {
      demoPageRoutes(open, deps.demoPage, deps);
      demoJoinRoute(open, deps);
    }
    if (deps.diagnostics) openDiagnosticsRoutes(open, deps.diagnostics, deps);
    done();
  });
  void app.register((scope: ZodInstance, _options, done) => {
    requireSignIn(scope, countSignIns(deps.signIn, metrics));
    limitUsers(scope, { perMinute: deps.userRequestsPerMinute, onRefused });
    if (deps.nodeDocument) refuseWhileDraining(scope, deps.nodeDocument);
    iceConfigRoute(scope, deps);
    webrtcConfigRoute(scope, deps);
    roomTokenRoute(scope, deps);
    if (deps.diagnostics) signedInDiagnosticsRoutes(scope, deps.diagnostics, deps);
    done();
  });
  return app;
}
