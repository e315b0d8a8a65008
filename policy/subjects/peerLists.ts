/** Lists of peers as the two servers write them. */
import { type AddressRange, parseCidr } from "../cidr.ts";
import type { PeerList } from "./turnServer.ts";

function peerList(
  input: string,
  entries: readonly string[],
  read: (entry: string) => AddressRange | undefined,
): PeerList {
  const pairs = entries.map((entry) => [entry, read(entry)] as const);
  return {
    input,
    ranges: pairs.flatMap(([, range]) => range ?? []),
    malformed: pairs.flatMap(([entry, range]) => (range === undefined ? [entry] : [])),
  };
}

/** LiveKit reads CIDR notation alone (Go's net.ParseCIDR): one address needs its `/32`. */
export const cidrList = (input: string, entries: readonly string[]): PeerList =>
  peerList(input, entries, (it) =>
    it.includes("/") && it === it.trim() ? parseCidr(it) : undefined,
  );

/** Coturn reads one address, or two with a dash between, and no CIDR notation (add_ip_list_range). */
export const dashList = (input: string, entries: readonly string[]): PeerList =>
  peerList(input, entries, (entry) => {
    if (entry.includes("/")) return undefined;
    const [from = "", to = from, ...rest] = entry.split("-");
    const [first, last] = [parseCidr(from), parseCidr(to)];
    const isRange =
      first?.family === last?.family && first && last && first.first <= last.last && !rest.length;
    return isRange ? { ...first, last: last.last } : undefined;
  });
