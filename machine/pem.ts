/** Reads certificates and keys from the text of PEM files (RFC 7468). */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";

/** What a file held, or what is wanted of it instead. */
export type Parsed<T> = { readonly found: T } | { readonly wanted: string };

/** Certificates as a server sends them: the leaf, then who issued it, and so on. */
export type Chain = readonly [X509Certificate, ...X509Certificate[]];

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g;
const NO_CERTIFICATE = { wanted: "certificates in PEM (-----BEGIN CERTIFICATE-----)" };

/** The certificates of a file in their order; what stands between them is ignored. */
export function parseChain(text: string): Parsed<Chain> {
  try {
    const [leaf, ...rest] = [...text.matchAll(CERTIFICATE)].map(
      ([pem]) => new X509Certificate(pem),
    );
    return leaf ? { found: [leaf, ...rest] } : NO_CERTIFICATE;
  } catch {
    return NO_CERTIFICATE;
  }
}

/** The private key of a file: PKCS #8, PKCS #1 or SEC1. */
export function parseKey(text: string): Parsed<KeyObject> {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text))
    return { wanted: "a key without a passphrase (openssl pkey -in FILE -out NEW_FILE)" };
  try {
    return { found: createPrivateKey(text) };
  } catch {
    // The reason may quote the file.
    return { wanted: "a private key in PEM (-----BEGIN PRIVATE KEY-----)" };
  }
}
