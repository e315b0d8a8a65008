import * as z from "zod";
import { PortsText, portsOf, withoutSpans } from "../../ports.ts";
import { openingText, protocolText, publicOpenings } from "../../publicOpenings.ts";
import type { Finding, StackRule } from "../../rule.ts";

const config = z.strictObject({
  allowed: z
    .array(PortsText)
    .default(["0-65535/udp", "80/tcp", "443/tcp", "53/tcp"])
    .describe("What may be reached anywhere; by default all UDP, HTTP, HTTPS and DNS"),
});

/**
 * A node that is taken over reaches only what the node needs. All UDP is allowed: a relay's peers and
 * media clients are at any port, and flows that rules allow in both directions from and to everywhere are
 * not tracked, so that they cannot exhaust the connection table (EC2 User Guide, connection tracking).
 */
export const egressLimited: StackRule<z.infer<typeof config>> = {
  name: "egress-limited",
  description: "Security groups let out what is needed, not everything.",
  level: "mandatory",
  severity: "medium",
  mirrors: ["CKV_AWS_382", "AVD-AWS-0104"],
  config,
  checkStack: (resources, { allowed }) => {
    const known = allowed.map(portsOf);
    return publicOpenings(resources, "egress").flatMap((opening): readonly Finding[] => {
      const beyond = withoutSpans(
        opening.ports,
        known.filter(({ protocol }) => protocol === opening.protocol),
      );
      if (beyond.length === 0) return [];
      const what =
        opening.protocol === "all" ? "everything" : protocolText(opening.protocol, beyond);
      return [
        {
          resource: opening.of[0].resource,
          what: `lets out ${what} to anywhere`,
          seen: openingText(opening),
          mend: `let out only ${allowed.join(", ")}, or name the addresses`,
        },
      ];
    });
  },
};
