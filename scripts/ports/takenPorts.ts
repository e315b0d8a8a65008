/** Finds the ports of a plan that something else holds. */
import type { Plan, Service } from "../../plan/plan.ts";
import { listenAddress, row, type PortRow } from "../../turn/ports.ts";
import type { Protocol } from "./listeners.ts";

/** Who holds a port, in words, empty when that cannot be seen; undefined when it is free. */
export type Probe = (protocol: Protocol, port: number) => Promise<string | undefined>;

export interface TakenRow {
  readonly row: PortRow;
  readonly holders: readonly string[];
}

/**
 * LiveKit takes random ports of its ranges and tries another when one is taken, so a range fails only
 * when few are left. A published range needs every port.
 */
export const SHARE_TO_SPARE = 0.5;

export interface PortQuestion {
  readonly plan: Pick<Plan, "ports" | "services" | "nodeAddress">;
  /** Whether our own container holds the row at that address already. */
  readonly isOurs: (containerName: string, row: PortRow, address: string) => boolean;
  /** Asks about the ports of one address; `*` is every address of the machine. */
  readonly probeAt: (address: string) => Probe;
}

/** Where a service opens a row: LiveKit itself binds ICE/TCP on every address. */
export const openedAt = (
  wanted: PortRow,
  network: Service["network"],
  nodeAddress: string,
): string =>
  network === "host" && wanted.name === "ice-tcp" ? "*" : listenAddress(wanted, nodeAddress);

/** The rows that cannot be opened, in the order of the plan. */
export async function takenPorts({ plan, isOurs, probeAt }: PortQuestion): Promise<TakenRow[]> {
  const taken: TakenRow[] = [];
  for (const { containerName, network, ports } of plan.services)
    for (const name of ports) {
      const wanted = row(plan.ports, name);
      const address = openedAt(wanted, network, plan.nodeAddress);
      if (wanted.within !== undefined || isOurs(containerName, wanted, address)) continue;
      const holders = await holdersOf(wanted, probeAt(address));
      const size = wanted.to - wanted.from + 1;
      const spare = network === "host" ? Math.floor(size * SHARE_TO_SPARE) : 0;
      if (holders.length > spare) taken.push({ row: wanted, holders: [...new Set(holders)] });
    }
  return taken;
}

/** Who holds the ports of a row: a text for each port that is not free. */
export async function holdersOf({ protocol, from, to }: PortRow, probe: Probe): Promise<string[]> {
  const holders: string[] = [];
  for (let port = from; port <= to; port += 1) {
    const holder = await probe(protocol, port);
    if (holder !== undefined) holders.push(holder);
  }
  return holders;
}
