/** Certificates for tests of TLS: a CA and leaves with one fault each. */
import "reflect-metadata";
import { KeyObject, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY_MS = 86_400_000;
const day = (days: number) => new Date(Date.now() + days * DAY_MS);

/** A leaf for the address, signed by a CA of its own; valid since `beganDaysAgo` until `endsInDays`. All PEM. */
export async function leafCertificate({
  address = "127.0.0.1",
  beganDaysAgo = 2,
  endsInDays = 1,
} = {}) {
  const caKeys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const ca = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: "CN=test CA",
      notBefore: day(-2),
      notAfter: day(2),
      keys: caKeys,
      signingAlgorithm: ALGORITHM,
      extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
    },
    webcrypto,
  );
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const leaf = await x509.X509CertificateGenerator.create(
    {
      subject: "CN=test leaf",
      issuer: ca.subject,
      notBefore: day(-beganDaysAgo),
      notAfter: day(endsInDays),
      publicKey: keys.publicKey,
      signingKey: caKeys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [new x509.SubjectAlternativeNameExtension([{ type: "ip", value: address }])],
    },
    webcrypto,
  );
  return {
    ca: ca.toString("pem"),
    cert: leaf.toString("pem"),
    key: KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" }).toString(),
  };
}
