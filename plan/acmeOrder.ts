/** The certificate that a node orders for itself (RFC 8555). */
import { LEGO_IMAGE } from "./images.ts";
import type { Plan } from "./plan.ts";

export interface AcmeOrder {
  /** Of the ACME client. */
  readonly image: string;
  /** The authority's directory URL. */
  readonly directory: string;
  readonly email?: string;
  /** A kind of certificate that the authority offers. */
  readonly profile?: string;
  /** Names, or the address. */
  readonly names: readonly string[];
}

export interface AcmeSettings {
  readonly directory?: string | undefined;
  readonly staging: boolean;
  readonly email?: string | undefined;
}

const LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";
const STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory";
/** The only kind that Let's Encrypt gives for addresses (letsencrypt.org/docs/profiles). */
const FOR_ADDRESSES = "shortlived";

/** What a node is to order for these names. */
export function acmeOrder(
  { directory, staging, email }: AcmeSettings,
  { dns, ip }: Plan["certificateNames"],
): AcmeOrder {
  return {
    image: LEGO_IMAGE,
    directory: directory ?? (staging ? STAGING : LETS_ENCRYPT),
    ...(email === undefined ? {} : { email }),
    // Another authority has profiles of its own, or none.
    ...(directory === undefined && ip.length > 0 ? { profile: FOR_ADDRESSES } : {}),
    names: [...dns, ...ip],
  };
}
