/** Certificates for tests, each with the faults that a test asks for. */
import "reflect-metadata";
import { KeyObject, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

export interface Issued {
  readonly certificate: x509.X509Certificate;
  readonly keys: CryptoKeyPair;
  /** PEM. */
  readonly pem: string;
  /** PEM, PKCS #8. */
  readonly keyPem: string;
}

export interface IssueOptions {
  readonly subject: string;
  /** Who signs; the certificate itself when absent. */
  readonly issuer?: Issued;
  readonly dns?: readonly string[];
  readonly ip?: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** For TLS clients instead of servers. */
  readonly forClients?: boolean;
}

type CryptoKeyPair = webcrypto.CryptoKeyPair;

export async function issue(options: IssueOptions): Promise<Issued> {
  const { subject, issuer, dns = [], ip = [], notBefore, notAfter } = options;
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const names = [
    ...dns.map((value) => ({ type: "dns", value }) as const),
    ...ip.map((value) => ({ type: "ip", value }) as const),
  ];
  const usage = options.forClients ? "1.3.6.1.5.5.7.3.2" : "1.3.6.1.5.5.7.3.1";
  const isCa = names.length === 0;
  const certificate = await x509.X509CertificateGenerator.create(
    {
      subject: `CN=${subject}`,
      issuer: issuer?.certificate.subject ?? `CN=${subject}`,
      notBefore,
      notAfter,
      publicKey: keys.publicKey,
      signingKey: issuer?.keys.privateKey ?? keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(isCa, undefined, true),
        ...(isCa
          ? []
          : [
              new x509.SubjectAlternativeNameExtension(names),
              new x509.ExtendedKeyUsageExtension([usage]),
            ]),
      ],
    },
    webcrypto,
  );
  return {
    certificate,
    keys,
    pem: `${certificate.toString("pem")}\n`,
    keyPem: KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" }).toString(),
  };
}
