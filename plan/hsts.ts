/** Whether browsers are told to use nothing but HTTPS (RFC 6797). */
import type { Plan } from "./plan.ts";

/** For a year, at the host that answers. */
export const HSTS = "max-age=31536000";

/**
 * Whether they may be, where the certificate covers these names. Not where there is an address alone, at which
 * browsers take no notice (section 8.1.1); not at `localhost`, where it would hold for every other server of the
 * machine; and not where the certificate is from a CA of our own, which may change and would lock users out.
 */
export const wantsHsts = (
  { dns }: Pick<Plan["certificateNames"], "dns">,
  { ownCa }: { readonly ownCa: boolean },
): boolean => !ownCa && dns.length > 0 && !dns.some((it) => /(?:^|\.)localhost$/.test(it));
