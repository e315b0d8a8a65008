/** How long and how large a request may be before anybody looks at what it asks for. */
import type { FastifyInstance } from "fastify";
import { answerNotFound, RequestError } from "../errors.ts";

/**
 * The largest request body. What comes in as metadata or attributes goes out in a room token, which
 * clients put into the URL of a WebSocket, and a proxy in front takes 16 KiB of request head.
 */
export const BODY_LIMIT_BYTES = 8 * 1024;
/** Request line and headers together; larger heads get 431. */
export const HEAD_LIMIT_BYTES = 16 * 1024;
export const URL_LIMIT_BYTES = 2048;
export const HEADERS_LIMIT = 64;
/** From a request's first byte to the end of its headers, and to the end of its body; 408 after. */
export const HEAD_TIMEOUT_MS = 5_000;
export const REQUEST_TIMEOUT_MS = 10_000;
/** Longer than proxies keep an idle connection (60 s at AWS), or they use one that just closed. */
const KEEP_ALIVE_MS = 72_000;

/** Fastify's options for these limits. */
export const serverLimits = {
  bodyLimit: BODY_LIMIT_BYTES,
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_MS,
  http: {
    maxHeaderSize: HEAD_LIMIT_BYTES,
    headersTimeout: HEAD_TIMEOUT_MS,
    // Node looks for requests that are late every 30 s by default.
    connectionsCheckingInterval: 1_000,
  },
} as const;

/** Answers what no route takes before a body is read for it; comes after the hooks that count requests. */
export function answerUnknownEarly(app: FastifyInstance): void {
  app.addHook("onRequest", (request, reply, done) => {
    if (request.is404) void answerNotFound(request, reply);
    else done();
  });
}

/** Refuses long URLs and many headers, of which Node would leave out the last without a word. */
export function limitHeads(app: FastifyInstance): void {
  app.server.maxHeadersCount = HEADERS_LIMIT + 1;
  app.addHook("onRequest", (request, _reply, done) => {
    if (request.url.length > URL_LIMIT_BYTES)
      done(new RequestError(414, `the URL is longer than ${URL_LIMIT_BYTES} bytes`));
    else if (request.raw.rawHeaders.length > 2 * HEADERS_LIMIT)
      done(new RequestError(431, `the request has more than ${HEADERS_LIMIT} headers`));
    else done();
  });
}
