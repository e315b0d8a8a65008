import * as z from "zod";
import { subtractRanges } from "../../cidr.ts";
import { specialRanges } from "./specialRanges.ts";
import { Development, turnRule } from "./turnRule.ts";

const Config = z.strictObject({
  /** Then what is allowed back need not be denied; `turn-restricted-peers` says what that may be. */
  development: Development,
});

/**
 * An authenticated relay is a proxy: without a list it reaches the metadata service of a cloud, the machine
 * itself and everything behind it. What a server denies without being told is not counted: it differs by
 * version, and an entry in another list can lift it.
 */
export const specialRangesDenied = turnRule({
  name: "turn-special-ranges-denied",
  description: "The relay denies every special-purpose address of the IANA registries.",
  severity: "critical",
  config: Config,
  judges: "turn",
  check({ denied, allowed }, { development }) {
    const covered = [...denied.ranges, ...(development ? allowed.ranges : [])];
    const open = specialRanges.filter(({ range }) => subtractRanges([range], covered).length > 0);
    return open.length === 0
      ? []
      : [
          {
            what: "the relay reaches special-purpose addresses",
            seen: `${denied.input} leaves open all or some of ${open.map(({ cidr, use }) => `${cidr} (${use})`).join(", ")}`,
            mend: `add what is missing to ${denied.input}`,
          },
        ];
  },
});
