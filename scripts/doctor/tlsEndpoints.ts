/** Where a stack serves TLS, and with which certificate. */
import { X509Certificate } from "node:crypto";
import { connect, rootCertificates } from "node:tls";
import { isIP } from "node:net";
import type { DoctorOutputs } from "./stackRecord.ts";

/** A place that answers TLS, under the names that clients use for it. */
export interface TlsEndpoint {
  readonly port: number;
  readonly names: readonly string[];
}

const DEFAULT_PORT = 443;
const TLS_URL = /^(?:turns:|https:\/\/|wss:\/\/)(\[[^\]]+\]|[^:/?]+)(?::(\d+))?/;

/** One endpoint for each port of the stack's TLS URLs; every one is reached under the node address too. */
export function tlsEndpoints({
  nodeAddress,
  ...outputs
}: Pick<
  DoctorOutputs,
  "nodeAddress" | "iceUrls" | "apiUrl" | "livekitUrl" | "edgeUrl"
>): TlsEndpoint[] {
  const names = new Map<number, Set<string>>();
  for (const url of [
    ...outputs.iceUrls,
    outputs.apiUrl,
    outputs.livekitUrl,
    outputs.edgeUrl ?? "",
  ]) {
    const [, host, port = DEFAULT_PORT] = TLS_URL.exec(url) ?? [];
    if (host === undefined) continue;
    const known = names.get(Number(port)) ?? new Set([nodeAddress]);
    names.set(Number(port), known.add(host.replace(/^\[|\]$/g, "")));
  }
  return [...names].map(([port, known]) => ({ port, names: [...known] }));
}

/** What a client meets. */
export interface Served {
  readonly leaf: X509Certificate;
  /** Whether the stack's CA or a public one signed it, whatever its names and dates. */
  readonly vouchedFor: boolean;
}

/** OpenSSL's words for a certificate of nobody we trust (X509_verify_cert). */
const NOBODYS = [
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "CERT_SIGNATURE_FAILURE",
];

/** The certificate that is served, whoever signed it. Throws what the connection says. */
export function servedCertificate(
  host: string,
  { port, names }: TlsEndpoint,
  { ca, limitMs }: { ca: string | undefined; limitMs: number },
): Promise<Served> {
  const servername = names.find((it) => isIP(it) === 0);
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      ca: [...(ca === undefined ? [] : [ca]), ...rootCertificates],
      rejectUnauthorized: false,
      timeout: limitMs,
      ...(servername === undefined ? {} : { servername }),
    });
    socket.once("secureConnect", () => {
      const { raw } = socket.getPeerCertificate();
      // An Error by its type, a code when it is OpenSSL's.
      const why = String(socket.authorizationError);
      socket.end();
      resolve({ leaf: new X509Certificate(raw), vouchedFor: !NOBODYS.includes(why) });
    });
    socket.once("timeout", () => socket.destroy(new Error(`no answer in ${limitMs} ms`)));
    socket.once("error", reject);
  });
}
