/** Which ports are open on this machine, read from Linux's socket tables: no rights needed, no port touched. */
import { readFileSync } from "node:fs";
import type { PortRow } from "../../turn/ports.ts";

export type Protocol = PortRow["protocol"];

/** A socket that keeps others from its port. */
export interface Listener {
  readonly protocol: Protocol;
  /** IPv4, `*` for every address of the machine. IPv6 sockets are in it as far as they take IPv4. */
  readonly address: string;
  readonly port: number;
  readonly inode: string;
}

const TCP_LISTEN = "0A";
const ANY_IPV6 = "0".repeat(32);
const MAPPED_IPV4 = `${"0".repeat(16)}FFFF0000`;

/** The kernel prints each 32-bit word in the machine's byte order, which is little-endian here. */
const ipv4 = (hex: string) => (hex.match(/../g) ?? []).map((it) => parseInt(it, 16)).toReversed();

/** undefined for an IPv6 address of its own, which keeps nobody from an IPv4 one. */
function ipv4Address(hex: string): string | undefined {
  if (hex === ANY_IPV6 || hex === "00000000") return "*";
  if (hex.length === 8) return ipv4(hex).join(".");
  return hex.startsWith(MAPPED_IPV4) ? ipv4(hex.slice(MAPPED_IPV4.length)).join(".") : undefined;
}

/** The listeners in the text of /proc/net/tcp, tcp6, udp or udp6 (Linux, proc_net_tcp). */
export const parseSocketTable = (protocol: Protocol, table: string): Listener[] =>
  table
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
      const [hex = "", port = ""] = local.split(":");
      const address = ipv4Address(hex);
      if (address === undefined || port === "") return [];
      if (protocol === "tcp" && state !== TCP_LISTEN) return [];
      return [{ protocol, address, port: parseInt(port, 16), inode }];
    });

const tables = [
  ["tcp", "/proc/net/tcp"],
  ["tcp", "/proc/net/tcp6"],
  ["udp", "/proc/net/udp"],
  ["udp", "/proc/net/udp6"],
] as const;

/** Every listener of this machine. A machine without IPv6 lacks two of the tables. */
export function readListeners(): Listener[] {
  return tables.flatMap(([protocol, file]) => {
    try {
      return parseSocketTable(protocol, readFileSync(file, "utf8"));
    } catch {
      return [];
    }
  });
}
