import * as z from "zod";
import type { Seen } from "../../subjects/container.ts";
import { known } from "../../subjects/seen.ts";
import { isLoopback, portList } from "../../subjects/publishedPorts.ts";
import { containerRule } from "./containerRule.ts";

const Config = z.strictObject({
  /**
   * LiveKit's metrics and signalling without TLS, TURN behind an edge, HAProxy's metrics, the API and its
   * metrics, coturn's metrics and its command line.
   */
  internalPorts: z
    .array(z.int().min(1).max(65_535))
    .default([6789, 7880, 5350, 8404, 7890, 7891, 9641, 5766]),
});

/** Metrics tell who talks to whom and have no login; what lies behind an edge has no TLS. */
export const internalPorts = containerRule({
  name: "container-internal-ports",
  description: "Metrics and what lies behind an edge are published on loopback only, if at all.",
  severity: "high",
  mirrors: [],
  config: Config,
  reads: ["ports"],
  judges: "running",
  check({ ports, inputs }, config) {
    const isInternal = (port: Seen<number>) => config.internalPorts.includes(known(port) ?? 0);
    // Under another number it is the same port.
    const open = ports.filter(
      (it) => (isInternal(it.external) || isInternal(it.internal)) && !isLoopback(it),
    );
    const behind = open.flatMap(({ internal }) => known(internal) ?? []);
    return open.length === 0
      ? []
      : [
          {
            what: "publishes internal ports to the network",
            seen: `${inputs.ports} ${portList(open)}${behind.length > 0 ? ` (in the container ${behind.join(", ")})` : ""}`,
            mend: 'take them away, or set their ip to "127.0.0.1"',
          },
        ];
  },
});
