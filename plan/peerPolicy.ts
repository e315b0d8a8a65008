/**
 * Which peers the relay may reach: an authenticated TURN relay is a proxy, so every special-purpose
 * address is denied (IANA registries of RFC 6890 and 8190), whatever LiveKit would deny by itself.
 */
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

/** An IPv4 block: its first address as a number, and its prefix length. */
interface Block {
  readonly first: number;
  readonly length: number;
}

const size = ({ length }: Block) => 2 ** (32 - length);

function parse(cidr: string): Block {
  const [address = "", length = "32"] = cidr.split("/");
  const first = address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return { first, length: Number(length) };
}

const render = ({ first, length }: Block) =>
  `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".")}/${length}`;

const holds = (outer: Block, inner: Block) =>
  outer.first <= inner.first && inner.first + size(inner) <= outer.first + size(outer);

/** `block` without `hole`, as the fewest blocks: halve it, keep the half without the hole, go on in the other. */
function without(block: Block, hole: Block): Block[] {
  if (holds(hole, block)) return [];
  if (!holds(block, hole)) return [block];
  const half = size(block) / 2;
  const length = block.length + 1;
  return [
    { first: block.first, length },
    { first: block.first + half, length },
  ].flatMap((it) => without(it, hole));
}

/** IPv4 `cidr` without the IPv4 block `hole`, as CIDRs in ascending order. */
export const subtractCidr = (cidr: string, hole: string): string[] =>
  without(parse(cidr), parse(hole)).map(render);

export interface PeerPolicy {
  /** For `turn.deny_peer_cidrs`, which beats the other list. */
  readonly deny: readonly string[];
  /** For `turn.allow_restricted_peer_cidrs`: exactly what was cut out of the special ranges. */
  readonly allow: readonly string[];
}

/**
 * The policy for a node: everything special is denied but the node's own IPv4 address, where its
 * relays and its SFU live. A public node address is in no special range, so nothing is allowed back.
 */
export function peerPolicy(nodeAddress: string): PeerPolicy {
  const own = `${nodeAddress}/32`;
  const special = SPECIAL_IPV4.some((cidr) => holds(parse(cidr), parse(own)));
  return {
    deny: [...SPECIAL_IPV4.flatMap((cidr) => subtractCidr(cidr, own)), ...SPECIAL_IPV6],
    allow: special ? [own] : [],
  };
}
