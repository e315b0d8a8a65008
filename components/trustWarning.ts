import type { GivenCertificate } from "../machine/givenCertificate.ts";
import { isWellKnown } from "../machine/rootOf.ts";

interface TrustSettings {
  readonly acme: { readonly staging: boolean };
}

/** What to say of the certificate of a node of a cloud when clients do not trust it of themselves; undefined when they do. */
export function trustWarning(
  { acme }: TrustSettings,
  given: Pick<GivenCertificate, "caCertificatePem"> | undefined,
): string | undefined {
  if (given)
    return isWellKnown(given.caCertificatePem)
      ? undefined
      : "NO CLIENT TRUSTS the certificate in certificate.chainFile of itself: it signs itself, or is from a private CA, which each of them has to be given - without chainFile and keyFile the node orders one that clients trust";
  return acme.staging
    ? "NO CLIENT TRUSTS the certificate that certificate.acme.staging orders: it is for trials - set it to false before users come"
    : undefined;
}
