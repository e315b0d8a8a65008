import * as z from "zod";
import { mergeRanges, parseCidr, subtractRanges } from "../../cidr.ts";
import { developmentRanges } from "./specialRanges.ts";
import { Development, turnRule } from "./turnRule.ts";

const Config = z.strictObject({
  /** Then one block of private or loopback addresses may be allowed back. */
  development: Development,
});

const mayBeOpen = developmentRanges.flatMap((it) => parseCidr(it) ?? []);

/** On one machine relays and clients have private addresses; in production no peer has, and coturn's list beats its denials. */
export const restrictedPeers = turnRule({
  name: "turn-restricted-peers",
  description:
    "The relay allows no restricted peer back; in development one private block at most.",
  severity: "critical",
  config: Config,
  judges: "turn",
  check({ allowed, denied }, { development }) {
    const blocks = mergeRanges(allowed.ranges);
    const seen = `${allowed.input} allows ${blocks.length} blocks of restricted peers`;
    if (!development)
      return blocks.length === 0
        ? []
        : [
            {
              what: "the relay reaches restricted peers",
              seen,
              mend: `empty ${allowed.input}, and close the holes it has in ${denied.input}; for a stack on one machine set development for this rule`,
            },
          ];
    const foreign = subtractRanges(blocks, mayBeOpen);
    return blocks.length <= 1 && foreign.length === 0
      ? []
      : [
          {
            what: "the relay reaches more than one private network",
            seen: foreign.length === 0 ? seen : `${seen}, beyond ${developmentRanges.join(", ")}`,
            mend: `allow at most one block of ${developmentRanges.join(", ")}`,
          },
        ];
  },
});
