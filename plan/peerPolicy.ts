/**
 * Which peers the relay may reach: an authenticated TURN relay is a proxy, so every special-purpose
 * address is denied (IANA registries of RFC 6890 and 8190), whatever LiveKit would deny by itself.
 */
import { cidrHolds, commonCidr, subtractCidr } from "./ipv4Block.ts";

const SPECIAL_IPV4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "192.175.48.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];

/** `::/96` holds the unspecified, the loopback and the IPv4-compatible addresses. IPv4-mapped ones are IPv4 to LiveKit. */
const SPECIAL_IPV6 = [
  "::/96",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/64",
  "100:0:0:1::/64",
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "2620:4f:8000::/48",
  "3fff::/20",
  "5f00::/16",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
];

export interface PeerPolicy {
  /** For `turn.deny_peer_cidrs`, which beats the other list. */
  readonly deny: readonly string[];
  /** For `turn.allow_restricted_peer_cidrs`: exactly what was cut out of the special ranges. */
  readonly allow: readonly string[];
}

/** Whether an IPv4 address is of special purpose: then no site on the internet has it. */
export const isSpecialIpv4 = (address: string): boolean =>
  SPECIAL_IPV4.some((cidr) => cidrHolds(cidr, address));

/**
 * The policy that denies everything special but one IPv4 block: the node's own address, where its
 * relays and its SFU live, or the subnet of a LAN, where its clients live as well. What is public in
 * that block is denied to nobody, so nothing of it need be allowed back.
 */
export const developmentPeers = (open: string): PeerPolicy => ({
  deny: [...SPECIAL_IPV4.flatMap((cidr) => subtractCidr(cidr, open)), ...SPECIAL_IPV6],
  allow: SPECIAL_IPV4.flatMap((cidr) => commonCidr(cidr, open) ?? []),
});

/** The policy that denies everything special, and the node's own network whatever its addresses are. */
export const productionPeers = (network: string): PeerPolicy => ({
  deny: [
    ...SPECIAL_IPV4,
    ...(SPECIAL_IPV4.some((cidr) => cidrHolds(cidr, network)) ? [] : [network]),
    ...SPECIAL_IPV6,
  ],
  allow: [],
});
