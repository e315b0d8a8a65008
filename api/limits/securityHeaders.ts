/** What every answer tells browsers to be careful with. */
import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";
import { isIP } from "node:net";

const HSTS = "max-age=31536000";

/**
 * Whether browsers may be told to use nothing but HTTPS at this host for a year (RFC 6797). Not for an
 * address, where it means nothing; not for `localhost`, where it would hold for every other server of
 * the machine; and not where the certificate is from a CA of our own, which may change.
 */
export function wantsHsts(edgeUrl: string | undefined, ownCa: boolean): boolean {
  if (edgeUrl === undefined || ownCa) return false;
  const hostname = new URL(edgeUrl).hostname.replace(/^\[|\]$/g, "");
  return isIP(hostname) === 0 && !/(?:^|\.)localhost$/.test(hostname);
}

/** Those of answers that no hook runs for; the ones that `setSecurityHeaders` sets, HSTS aside. */
export const carefulHeaders = {
  "content-security-policy": "default-src 'none';frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
} as const;

/** Sets the headers on every answer; a page's own policy goes before the one for JSON. */
export function setSecurityHeaders(app: FastifyInstance, hsts: boolean): void {
  void app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { "default-src": ["'none'"], "frame-ancestors": ["'none'"] },
    },
    crossOriginResourcePolicy: { policy: "same-origin" },
    referrerPolicy: { policy: "no-referrer" },
    xFrameOptions: { action: "deny" },
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
  if (!hsts) return;
  app.addHook("onRequest", (request, reply, done) => {
    if (request.protocol === "https") void reply.header("strict-transport-security", HSTS);
    done();
  });
}
