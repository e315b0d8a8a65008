import * as z from "zod";
import { openingText, publicOpenings } from "../../publicOpenings.ts";
import type { Finding, StackRule } from "../../rule.ts";

const config = z.strictObject({
  maxPorts: z
    .int()
    .min(1)
    .max(65_535)
    .default(16_384)
    .describe(
      "Most ports of a protocol in one row; by default IANA's dynamic ports, 49152 to 65535",
    ),
});

/** A media range has an end: what is open to everything holds whatever starts to listen. Whatever is planned, this holds. */
export const publicPortsBounded: StackRule<z.infer<typeof config>> = {
  name: "public-ports-bounded",
  description: "No security group opens every port, or every protocol, to the public.",
  level: "mandatory",
  severity: "critical",
  mirrors: ["CKV_AWS_277"],
  config,
  checkStack: (resources, { maxPorts }) =>
    publicOpenings(resources, "ingress").flatMap((opening): readonly Finding[] => {
      const { protocol, ports, of } = opening;
      const isWide = ports.to - ports.from + 1 > maxPorts;
      if (protocol !== "all" && !(isWide && ["tcp", "udp"].includes(protocol))) return [];
      return [
        {
          resource: of[0].resource,
          what: "opens more to the public than any service needs",
          seen: openingText(opening),
          mend: `open at most ${maxPorts} ports of one protocol in a row`,
        },
      ];
    }),
};
