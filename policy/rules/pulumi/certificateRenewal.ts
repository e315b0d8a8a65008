import * as z from "zod";
import { peek, shown } from "../../known.ts";
import type { ResourceRule } from "../../rule.ts";

const TYPES: ReadonlySet<string> = new Set([
  "tls:index/locallySignedCert:LocallySignedCert",
  "tls:index/selfSignedCert:SelfSignedCert",
]);

const config = z.strictObject({
  hours: z
    .int()
    .min(1)
    .default(21 * 24)
    .describe("Fewest hours before its end at which an update issues a certificate anew"),
});

/** A certificate that ends takes TURN over TLS with it, and nothing says so but calls that do not connect. */
export const certificateRenewal: ResourceRule<z.infer<typeof config>> = {
  name: "certificate-renewal",
  description: "Certificates of the stack are issued anew three weeks before they end.",
  level: "mandatory",
  severity: "medium",
  mirrors: ["acm-certificate-expiration"],
  config,
  checkResource: ({ type, props }, { hours }) => {
    if (!TYPES.has(type)) return [];
    const early = peek(props, "earlyRenewalHours");
    if (early !== undefined && typeof early !== "number") return [];
    if (early !== undefined && early >= hours) return [];
    return [
      {
        what: "is issued anew too late",
        seen: `earlyRenewalHours is ${shown(early)}`,
        mend: `set earlyRenewalHours to ${hours} or more`,
      },
    ];
  },
};
