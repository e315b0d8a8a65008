/** The addresses of this machine, and which network leads to everything else. */
import { networkInterfaces } from "node:os";
import { readIfThere } from "./readIfThere.ts";

/** An IPv4 address of this machine. */
export interface LocalAddress {
  /** Name of the network interface, such as `wlan0`. */
  readonly interfaceName: string;
  readonly address: string;
  /** How many bits of the address name its network. */
  readonly prefixLength: number;
}

export interface NetworkHere {
  readonly addresses: readonly LocalAddress[];
  /** The interface of the default route; undefined where there is none or the system does not tell. */
  readonly defaultInterface: string | undefined;
}

const UP_WITH_GATEWAY = 0x3;
const metric = (fields: readonly string[]) => Number(fields[6]);

/** The interface of the best default route in the text of /proc/net/route (Linux, IPv4). */
export function defaultInterface(routes: string): string | undefined {
  const defaults = routes
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, destination, , flags = "0", , , , mask]) => {
      const isDefault = destination === "00000000" && mask === "00000000";
      return isDefault && (parseInt(flags, 16) & UP_WITH_GATEWAY) === UP_WITH_GATEWAY;
    });
  return defaults.toSorted((one, other) => metric(one) - metric(other))[0]?.[0];
}

/** The network as it is now. */
export function networkHere(): NetworkHere {
  const addresses = Object.entries(networkInterfaces()).flatMap(([interfaceName, all = []]) =>
    all.flatMap(({ family, address, cidr }) =>
      family === "IPv4" && cidr !== null
        ? [{ interfaceName, address, prefixLength: Number(cidr.split("/")[1]) }]
        : [],
    ),
  );
  return { addresses, defaultInterface: defaultInterface(readIfThere("/proc/net/route") ?? "") };
}
