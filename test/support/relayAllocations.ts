/** The allocations on a relay of this machine: each has a socket of its own in the relay's ports. */
import { readListeners } from "../../scripts/ports/listeners.ts";
import type { PortRange } from "../../turn/ports.ts";

/** How many there are now. LiveKit's own media may lie in the same ports: `except` are those. */
export const allocationsIn = ({ from, to }: PortRange, except: readonly number[] = []): number =>
  readListeners().filter(
    ({ protocol, port }) =>
      protocol === "udp" && port >= from && port <= to && !except.includes(port),
  ).length;
