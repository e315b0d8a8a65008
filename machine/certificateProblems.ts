/** What is wrong with a certificate and its key for serving certain names at a certain time. */
import type { KeyObject, X509Certificate } from "node:crypto";
import type { Chain } from "./pem.ts";

/** Names and addresses that clients reach the server by. */
export interface CertificateNames {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
}

export interface CertificatePair {
  readonly chain: Chain;
  readonly key: KeyObject;
  /** The CA that the chain leads to, undefined when nobody knows one. */
  readonly root: X509Certificate | undefined;
  readonly names: CertificateNames;
  readonly now: Date;
}

export interface CertificateProblem {
  readonly about: "chainFile" | "keyFile";
  readonly wanted: string;
}

/** Extended key usage of TLS servers (RFC 5280 section 4.2.1.12). */
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

/** Every problem of the pair, none when it can be served. */
export function certificateProblems(pair: CertificatePair): CertificateProblem[] {
  const { chain, key, root } = pair;
  const [leaf] = chain;
  const place = chain.findIndex((it) => it.checkPrivateKey(key));
  if (place > 0)
    return [
      { about: "chainFile", wanted: `the leaf first: the key is that of certificate ${place + 1}` },
    ];
  return [
    ...(place < 0
      ? [
          {
            about: "keyFile" as const,
            wanted: `the key of the first certificate in certificate.chainFile (${nameOf(leaf)})`,
          },
        ]
      : []),
    ...[
      missingNames(pair),
      ...chain.map((it) => outOfDate(it, pair.now)),
      isForServers(leaf) ? undefined : "a certificate that TLS servers may use",
      brokenLink(chain),
      root
        ? undefined
        : `a chain that leads to a CA this machine knows: append the certificate of ${oneLine(chain.at(-1)?.issuer)}`,
    ]
      .filter((it) => it !== undefined)
      .map((wanted) => ({ about: "chainFile" as const, wanted })),
  ];
}

/** A certificate without extended key usages is for everything. */
const isForServers = ({ keyUsage }: { readonly keyUsage?: readonly string[] | undefined }) =>
  keyUsage === undefined || keyUsage.includes(SERVER_AUTH);

function missingNames({ chain: [leaf], names }: CertificatePair): string | undefined {
  const missing = [
    // A subject's common name is no name of a server any more (RFC 9525 section 2).
    ...names.dns.filter((it) => !leaf.checkHost(it, { subject: "never" })),
    ...names.ip.filter((it) => !leaf.checkIP(it)),
  ];
  return missing.length === 0
    ? undefined
    : `a certificate for ${missing.join(" and ")}: this one is for ${leaf.subjectAltName ?? "no name at all"}`;
}

function outOfDate(it: X509Certificate, now: Date): string | undefined {
  if (it.validToDate <= now)
    return `one that has not ended: ${nameOf(it)} did on ${it.validToDate.toISOString()}`;
  if (it.validFromDate > now)
    return `one that has begun: ${nameOf(it)} does on ${it.validFromDate.toISOString()}`;
  return undefined;
}

/** The first certificate that the next one did not issue. */
function brokenLink(chain: Chain): string | undefined {
  for (const [index, issuer] of chain.slice(1).entries()) {
    const it = chain[index];
    if (it && !(it.checkIssued(issuer) && it.verify(issuer.publicKey)))
      return `each certificate followed by its issuer: ${nameOf(issuer)} did not issue ${nameOf(it)}`;
  }
  return undefined;
}

const oneLine = (name = "") => name.replaceAll("\n", ", ");

const nameOf = ({ subject, subjectAltName }: X509Certificate) =>
  oneLine(subject) || subjectAltName || "a certificate without a name";
