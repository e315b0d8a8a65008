import * as z from "zod";
import { turnRule } from "./turnRule.ts";

const Config = z.strictObject({
  fewestPorts: z.int().min(1).default(2),
  /** Of coturn's own range, from 49152 on. */
  mostPorts: z.int().max(64_512).default(16_384),
});

/** Each relay takes a port: too few end in error 508, and every one more is one more that must be open. */
export const relayRangeBounded = turnRule({
  name: "turn-relay-range-bounded",
  description: "The relay's ports are a range of a sensible size above 1023.",
  severity: "medium",
  config: Config,
  judges: "turn",
  check({ relayPorts: { from, to }, relayInput }, { fewestPorts, mostPorts }) {
    const count = to - from + 1;
    const fits = from >= 1024 && to <= 65_535 && count >= fewestPorts && count <= mostPorts;
    return fits
      ? []
      : [
          {
            what: "the relay's range of ports is out of bounds",
            seen: `${relayInput} is ${from} to ${to}, ${count} ports`,
            mend: `name ${fewestPorts} to ${mostPorts} ports from 1024 to 65535`,
          },
        ];
  },
});
