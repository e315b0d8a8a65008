import { createHash } from "node:crypto";
import type { JsonWebKey, KeyObject } from "node:crypto";

/** A public key as OpenSSH writes it, and its fingerprints. */
export interface SshPublicKey {
  /** The line for `authorized_keys`, with its line end. */
  readonly line: string;
  readonly md5: string;
  readonly sha256: string;
}

// RFC 5656, section 10.1.
const curves: { readonly [name: string]: string } = {
  "P-256": "nistp256",
  "P-384": "nistp384",
  "P-521": "nistp521",
};

/** The OpenSSH form of an ECDSA public key. */
export function sshPublicKey(key: KeyObject): SshPublicKey {
  const jwk = key.export({ format: "jwk" });
  const blob = publicBlob(jwk);
  const md5 = createHash("md5").update(blob).digest("hex").match(/../g) ?? [];
  const sha256 = createHash("sha256").update(blob).digest("base64").replace(/=+$/, "");
  return {
    line: `ecdsa-sha2-${curveOf(jwk)} ${blob.toString("base64")}\n`,
    md5: md5.join(":"),
    sha256: `SHA256:${sha256}`,
  };
}

/**
 * The private key in OpenSSH's own unencrypted format (openssh-portable PROTOCOL.key). `check` is a
 * random number that tells a reader whether decryption worked; here it only has to be there twice.
 */
export function sshPrivateKey(key: KeyObject, check: number): string {
  const jwk = key.export({ format: "jwk" });
  const point = ecPoint(jwk);
  const secret = Buffer.from(jwk.d ?? "", "base64url");
  const inner = Buffer.concat([
    uint32(check),
    uint32(check),
    field(`ecdsa-sha2-${curveOf(jwk)}`),
    field(curveOf(jwk)),
    field(point),
    field(positive(secret)),
    field(""),
  ]);
  const padding = Buffer.from(
    Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, i) => i + 1),
  );
  const body = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    ...["none", "none", ""].map(field),
    uint32(1),
    field(publicBlob(jwk)),
    field(Buffer.concat([inner, padding])),
  ]);
  const lines = body.toString("base64").match(/.{1,64}/g) ?? [];
  const label = "OPENSSH PRIVATE KEY";
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

function publicBlob(jwk: JsonWebKey): Buffer {
  const curve = curveOf(jwk);
  return Buffer.concat([`ecdsa-sha2-${curve}`, curve, ecPoint(jwk)].map(field));
}

function curveOf({ crv }: JsonWebKey): string {
  const curve = curves[crv ?? ""];
  if (curve === undefined)
    throw new Error(`OpenSSH has no name for the curve ${crv ?? "of the key"}`);
  return curve;
}

const ecPoint = ({ x = "", y = "" }: JsonWebKey) =>
  Buffer.concat([Buffer.from([4]), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);

function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([uint32(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

// An mpint (RFC 4251, section 5): no leading zeros, except one that keeps the number positive.
function positive(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const short = start === -1 ? Buffer.alloc(0) : bytes.subarray(start);
  return (short[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short;
}
