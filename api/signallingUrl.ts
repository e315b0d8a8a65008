import type { FastifyRequest } from "fastify";

/** Where clients reach LiveKit's signalling. */
export interface SignallingUrls {
  readonly livekitUrl: string;
  /** The same for requests that came over HTTPS, from the edge; undefined without one. */
  readonly edgeLivekitUrl?: string | undefined;
}

/**
 * The URL for whoever sent a request: a page from HTTPS may open wss only, and whoever came by plain
 * HTTP may not trust our CA.
 */
export const signallingUrl = (urls: SignallingUrls, { protocol }: FastifyRequest): string =>
  (protocol === "https" ? urls.edgeLivekitUrl : undefined) ?? urls.livekitUrl;
