import type { Kind } from "../provider/kind.ts";
import { number, text, texts } from "../provider/read.ts";
import type { Props } from "../provider/value.ts";
import { kept } from "./kept.ts";
import { readSigningKey } from "./signingKey.ts";
import { usageExtensions, usageNames } from "./usages.ts";
import { loadX509 } from "./x509.ts";

const hourMs = 3_600_000;

// RFC 5280, section 4.2.1.6.
const subjectAltName = "2.5.29.17";

/** What a certificate takes from outside: the clock and 16 random bytes for its serial number. */
export interface CertificateSources {
  readonly now: () => Date;
  readonly drawSerial: () => Buffer;
}

/**
 * `tls.LocallySignedCert`: a certificate issued by a CA whose key is at hand. Once it expires within
 * `earlyRenewalHours`, every Diff asks to replace it, as the official provider does.
 */
export function locallySignedCert(sources: CertificateSources): Kind {
  const isDue = ({ validityEndTime }: Props, earlyRenewalHours: number) => {
    if (typeof validityEndTime !== "string") return false;
    return Date.parse(validityEndTime) - earlyRenewalHours * hourMs <= sources.now().getTime();
  };

  return {
    table: {
      inputs: {
        certRequestPem: { type: "string", required: true, replaces: true },
        caPrivateKeyPem: { type: "string", required: true, replaces: true, secret: true },
        caCertPem: { type: "string", required: true, replaces: true },
        validityPeriodHours: { type: "integer", required: true, replaces: true },
        allowedUses: { type: { list: "string" }, required: true, replaces: true },
        earlyRenewalHours: { type: "integer", stateDefault: 0 },
        setSubjectKeyId: { type: "boolean", replaces: true, stateDefault: false },
      },
      outputs: {
        caKeyAlgorithm: {},
        certPem: {},
        isCaCertificate: { always: false },
        readyForRenewal: { always: false },
        validityEndTime: {},
        validityStartTime: {},
      },
    },
    check: (news) =>
      texts(news, "allowedUses")
        .filter((use) => !usageNames.includes(use))
        .map((use) => ({
          property: "allowedUses",
          reason: `names ${use}; the registry-only stand-in knows ${usageNames.join(", ")}`,
        })),
    diff: (olds, { earlyRenewalHours }) =>
      isDue(olds, typeof earlyRenewalHours === "number" ? earlyRenewalHours : 0)
        ? [{ path: "readyForRenewal", kind: "update", replaces: true }]
        : [],
    create: (inputs) => issue(inputs, sources),
    read: (id, outputs) =>
      Promise.resolve({
        id,
        outputs: isDue(outputs, number(outputs, "earlyRenewalHours"))
          ? { readyForRenewal: true }
          : {},
      }),
    // Only earlyRenewalHours changes in place, and the state is all that holds it.
    update: () => Promise.resolve({}),
    delete: kept.delete,
  };
}

async function issue(inputs: Props, { now, drawSerial }: CertificateSources) {
  const x509 = await loadX509();
  const ca = new x509.X509Certificate(text(inputs, "caCertPem"));
  const key = await readSigningKey(text(inputs, "caPrivateKeyPem"), "caPrivateKeyPem");
  const request = new x509.Pkcs10CertificateRequest(text(inputs, "certRequestPem"));
  if (!(await request.verify())) throw new Error("certRequestPem is not signed by its own key");

  const start = now();
  const end = new Date(start.getTime() + number(inputs, "validityPeriodHours") * hourMs);
  const serial = drawSerial();
  serial[0] = (serial[0] ?? 0) & 0x7f; // RFC 5280, section 4.1.2.2: serial numbers are positive
  const names = request.getExtension(subjectAltName);
  const caKeyId = ca.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial.toString("hex"),
    subject: request.subjectName,
    issuer: ca.subjectName,
    notBefore: start,
    notAfter: end,
    publicKey: request.publicKey,
    signingKey: key.privateKey,
    signingAlgorithm: key.signing,
    extensions: [
      ...usageExtensions(x509, texts(inputs, "allowedUses")),
      new x509.BasicConstraintsExtension(false, undefined, true),
      ...(inputs["setSubjectKeyId"] === true
        ? [await x509.SubjectKeyIdentifierExtension.create(request.publicKey)]
        : []),
      ...(caKeyId === undefined ? [] : [new x509.AuthorityKeyIdentifierExtension(caKeyId)]),
      ...(names === null ? [] : [names]),
    ],
  });
  return {
    id: BigInt(`0x${serial.toString("hex")}`).toString(),
    outputs: {
      caKeyAlgorithm: key.algorithm,
      certPem: `${certificate.toString("pem")}\n`,
      validityEndTime: end.toISOString(),
      validityStartTime: start.toISOString(),
    },
  };
}
