/** Makes the local CA; apart from localCa.ts because loading an X.509 library takes time. */
import "reflect-metadata";
import { KeyObject, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import type { LocalCa } from "./localCa.ts";

const YEARS = 10;
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** A self-signed ECDSA P-256 CA that may sign leaves only (path length 0), valid for ten years from `now`. */
export async function createCa(now: Date): Promise<LocalCa> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const notAfter = new Date(now);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + YEARS);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: "CN=Turnkey local CA, O=Turnkey",
      notBefore: now,
      notAfter,
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
          true,
        ),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    },
    webcrypto,
  );
  return {
    certificatePem: `${certificate.toString("pem")}\n`,
    privateKeyPem: KeyObject.from(keys.privateKey)
      .export({ type: "pkcs8", format: "pem" })
      .toString(),
  };
}
