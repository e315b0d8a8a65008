import { createHash, generateKeyPairSync } from "node:crypto";
import type { Kind } from "../provider/kind.ts";
import { text } from "../provider/read.ts";
import { kept } from "./kept.ts";
import { sshPrivateKey, sshPublicKey } from "./sshKey.ts";

/**
 * `tls.PrivateKey`: an ECDSA key, its private half in SEC1 and PKCS#8. `drawUint32` is a source of
 * random 32-bit numbers.
 */
export const privateKey = (drawUint32: () => number): Kind => ({
  table: {
    inputs: {
      algorithm: { type: "string", required: true, replaces: true, oneOf: ["ECDSA"] },
      // The official default is P224, which OpenSSH does not know: a stand-in asks for the curve.
      ecdsaCurve: {
        type: "string",
        required: true,
        replaces: true,
        oneOf: ["P256", "P384", "P521"],
      },
    },
    outputs: {
      privateKeyOpenssh: { secret: true },
      privateKeyPem: { secret: true },
      privateKeyPemPkcs8: { secret: true },
      publicKeyFingerprintMd5: {},
      publicKeyFingerprintSha256: {},
      publicKeyOpenssh: {},
      publicKeyPem: {},
      rsaBits: { always: 2048 },
    },
    meta: '{"schema_version":"1"}',
  },
  create: (inputs) => {
    const namedCurve = text(inputs, "ecdsaCurve").replace("P", "P-");
    const pair = generateKeyPairSync("ec", { namedCurve });
    const publicKeyPem = pair.publicKey.export({ format: "pem", type: "spki" }).toString();
    const ssh = sshPublicKey(pair.publicKey);
    return Promise.resolve({
      id: createHash("sha1").update(publicKeyPem).digest("hex"),
      outputs: {
        privateKeyOpenssh: sshPrivateKey(pair.privateKey, drawUint32()),
        privateKeyPem: pair.privateKey.export({ format: "pem", type: "sec1" }).toString(),
        privateKeyPemPkcs8: pair.privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
        publicKeyFingerprintMd5: ssh.md5,
        publicKeyFingerprintSha256: ssh.sha256,
        publicKeyOpenssh: ssh.line,
        publicKeyPem,
      },
    });
  },
  ...kept,
});
