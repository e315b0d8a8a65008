import * as pulumi from "@pulumi/pulumi";
import type { GivenCertificate } from "../machine/givenCertificate.ts";
import { localCa } from "../machine/localCa.ts";
import type { Plan } from "../plan/plan.ts";
import { Certificate, type ServerCertificate } from "./certificate.ts";

/** So many days before it ends a given certificate is warned of: nothing here can renew it. */
const WARN_DAYS = 30;
const DAY_MS = 86_400_000;

export interface ServedCertificateArgs {
  readonly names: Plan["certificateNames"];
  /** The user's own, if there is one. */
  readonly given: GivenCertificate | undefined;
  readonly now: Date;
}

/** The certificate of a stack: the user's own, or one from the local CA. */
export async function servedCertificate(
  name: string,
  { names, given, now }: ServedCertificateArgs,
): Promise<ServerCertificate> {
  if (!given) return new Certificate(name, { names, ca: await localCa() });
  const warning = endWarning(given, now);
  if (warning !== undefined) await pulumi.log.warn(warning);
  const { chainPem, privateKeyPem } = given;
  return {
    files: {
      certificate: pulumi.output(chainPem),
      certificateKey: pulumi.secret(privateKeyPem),
      certificateAndKey: pulumi.secret(chainPem + privateKeyPem),
      caCertificate: pulumi.output(given.caCertificatePem),
    },
    caCertificate: given.caCertificatePem,
  };
}

/** What to say of a given certificate in its last days, nothing before. */
export function endWarning(
  { validUntil }: Pick<GivenCertificate, "validUntil">,
  now: Date,
): string | undefined {
  return validUntil.getTime() - now.getTime() > WARN_DAYS * DAY_MS
    ? undefined
    : `the certificate in certificate.chainFile ends on ${validUntil.toISOString()} - put a new one in its place and update`;
}
