import { X509Certificate } from "node:crypto";
import { getCACertificates, rootCertificates } from "node:tls";
import type { Chain } from "./pem.ts";

const issued = (ca: X509Certificate, certificate: X509Certificate) =>
  certificate.checkIssued(ca) && certificate.verify(ca.publicKey);

const among = (pems: readonly string[], certificate: X509Certificate) =>
  pems.map((pem) => new X509Certificate(pem)).find((ca) => issued(ca, certificate));

/**
 * The CA that a chain leads to: its own last certificate when that signed itself, else the one among
 * those that Node or this machine trusts. Undefined when none of them issued it.
 */
export function rootOf(chain: Chain): X509Certificate | undefined {
  const last = chain.at(-1) ?? chain[0];
  if (issued(last, last)) return last;
  return among(rootCertificates, last) ?? among(getCACertificates("system"), last);
}

/** Whether browsers and Node trust a CA (PEM) without being told to. */
export function isWellKnown(caPem: string): boolean {
  const { fingerprint256 } = new X509Certificate(caPem);
  return rootCertificates.some((pem) => new X509Certificate(pem).fingerprint256 === fingerprint256);
}
