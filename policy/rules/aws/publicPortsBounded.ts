import * as z from "zod";
import { openingText, type PublicOpening, publicOpenings } from "../../publicOpenings.ts";
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
    rowsOf(publicOpenings(resources, "ingress")).flatMap((opening): readonly Finding[] => {
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

/** What follows on without a gap is one row, into however many rules it is cut. */
function rowsOf(openings: readonly PublicOpening[]): PublicOpening[] {
  const rows: PublicOpening[] = [];
  for (const opening of openings) {
    const before = rows.at(-1);
    const goesOn =
      before?.protocol === opening.protocol &&
      before.of[0].group === opening.of[0].group &&
      before.ports.to + 1 === opening.ports.from;
    if (!goesOn) rows.push(opening);
    else {
      const ports = { from: before.ports.from, to: opening.ports.to };
      rows.splice(-1, 1, { ...opening, ports, of: [...before.of, ...opening.of] });
    }
  }
  return rows;
}
