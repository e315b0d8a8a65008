import { createPrivateKey, createPublicKey, webcrypto } from "node:crypto";
import type { KeyObject } from "node:crypto";

/** A private key that can sign certificates and requests. */
export interface SigningKey {
  /** The official provider's name of the algorithm. */
  readonly algorithm: "ECDSA" | "RSA";
  readonly privateKey: webcrypto.CryptoKey;
  readonly publicKey: webcrypto.CryptoKey;
  readonly signing: webcrypto.Algorithm & { readonly hash: string };
}

// As Go's crypto/x509 chooses: the hash is as long as the curve.
const hashes: { readonly [curve: string]: string } = {
  "P-256": "SHA-256",
  "P-384": "SHA-384",
  "P-521": "SHA-512",
};

/** Reads a private key in PEM (SEC1, PKCS#1 or PKCS#8); `input` names it in the error. */
export async function readSigningKey(pem: string, input: string): Promise<SigningKey> {
  const key = parse(pem, input);
  const rsa = key.asymmetricKeyType === "rsa";
  const namedCurve = key.export({ format: "jwk" }).crv ?? "";
  const hash = rsa ? "SHA-256" : hashes[namedCurve];
  if (hash === undefined) {
    throw new Error(
      `${input} is a key on ${namedCurve}; wanted ECDSA on P-256, P-384 or P-521, or RSA`,
    );
  }
  const name = rsa ? "RSASSA-PKCS1-v1_5" : "ECDSA";
  const imported = rsa ? { name, hash } : { name, namedCurve };
  const { subtle } = webcrypto;
  const pkcs8 = key.export({ format: "der", type: "pkcs8" });
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  return {
    algorithm: rsa ? "RSA" : "ECDSA",
    privateKey: await subtle.importKey("pkcs8", pkcs8, imported, false, ["sign"]),
    publicKey: await subtle.importKey("spki", spki, imported, true, ["verify"]),
    signing: { name, hash },
  };
}

function parse(pem: string, input: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    // Without the cause's text: it may quote the key.
    throw new Error(`${input} is no private key in PEM`, { cause });
  }
}
