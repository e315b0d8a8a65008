import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { LocalCa } from "../machine/localCa.ts";
import type { LateName } from "../plan/plan.ts";

const HOURS_PER_DAY = 24;

export interface CertificateArgs {
  /** Names and addresses the certificate covers, as subject alternative names. */
  readonly names: { readonly dns: readonly string[]; readonly ip: readonly string[] };
  readonly ca: LocalCa;
}

type CertificateFile = Extract<
  LateName,
  "certificate" | "certificateKey" | "certificateAndKey" | "caCertificate"
>;

/** A certificate that services can serve. */
export interface ServerCertificate {
  /** Contents of the files, PEM: the leaf first; what holds the key is secret. */
  readonly files: Readonly<Record<CertificateFile, pulumi.Output<string>>>;
  /** PEM of the CA it leads to. */
  readonly caCertificate: string;
}

/** A server certificate from the local CA, for a year; an update in its last 30 days issues a new one. */
export class Certificate extends pulumi.ComponentResource implements ServerCertificate {
  /** The leaf and then the CA. */
  readonly files: ServerCertificate["files"];
  readonly caCertificate: string;

  constructor(
    name: string,
    { names, ca }: CertificateArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("turnkey:index:Certificate", name, {}, opts);
    this.caCertificate = ca.certificatePem;
    const key = new tls.PrivateKey(
      `${name}-key`,
      { algorithm: "ECDSA", ecdsaCurve: "P256" },
      { parent: this },
    );
    const request = new tls.CertRequest(
      `${name}-request`,
      {
        privateKeyPem: key.privateKeyPem,
        subject: { commonName: names.dns[0] ?? names.ip[0] ?? name, organization: "Turnkey" },
        dnsNames: [...names.dns],
        ipAddresses: [...names.ip],
      },
      { parent: this },
    );
    const leaf = new tls.LocallySignedCert(
      `${name}-certificate`,
      {
        certRequestPem: request.certRequestPem,
        caCertPem: ca.certificatePem,
        caPrivateKeyPem: pulumi.secret(ca.privateKeyPem),
        allowedUses: ["digital_signature", "server_auth"],
        validityPeriodHours: 365 * HOURS_PER_DAY,
        earlyRenewalHours: 30 * HOURS_PER_DAY,
      },
      { parent: this },
    );
    const chain = pulumi.interpolate`${leaf.certPem}${ca.certificatePem}`;
    this.files = {
      certificate: chain,
      certificateKey: key.privateKeyPem,
      certificateAndKey: pulumi.interpolate`${chain}${key.privateKeyPem}`,
      caCertificate: pulumi.output(ca.certificatePem),
    };
    this.registerOutputs({});
  }
}
