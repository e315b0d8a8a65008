import { CA_PATH } from "../../turn/caPath.ts";
import type { ZodInstance } from "../zodInstance.ts";

/**
 * `GET /ca.crt`: the certificate of the local CA, for a phone that shall trust it. The media type is the
 * one that phones and Firefox offer to install, and they take PEM as well as DER. It is no secret, and
 * that the way to it is not trusted yet is why people compare the fingerprint.
 */
export function caCertificateRoute(app: ZodInstance, caCertificate: string): void {
  app.get(CA_PATH, (_request, reply) =>
    reply
      .headers({ "cache-control": "no-cache", "x-content-type-options": "nosniff" })
      .type("application/x-x509-ca-cert")
      .send(caCertificate),
  );
}
