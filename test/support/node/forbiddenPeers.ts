/** Peers that no relay may reach, in every way to write them. Pure. */
import { isIPv6 } from "node:net";

/**
 * What is of special purpose, written once more, so that the plan's own list is not the only one that judges: IANA's
 * registries for IPv4 and IPv6, multicast (RFC 5771, RFC 4291), and what RFC 3879 and RFC 7526 took out of use.
 */
export const SPECIAL_RANGES: readonly string[] = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.0.0/29",
  "192.0.0.170/31",
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
  "224.0.0.0/24",
  "239.0.0.0/8",
  "240.0.0.0/4",
  "255.255.255.255/32",
  "::/128",
  "::1/128",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/64",
  "100:0:0:1::/64",
  "2001::/32",
  "2001:2::/48",
  "2001:10::/28",
  "2001:20::/28",
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

/** Addresses in them where a cloud keeps what a thief looks for first: the metadata service, its resolver, its clock. */
export const CLOUD_ADDRESSES: readonly string[] = [
  "169.254.169.254/32",
  "169.254.169.253/32",
  "169.254.169.123/32",
  "100.100.100.200/32",
  "fd00:ec2::254/128",
  "fd00:ec2::253/128",
];

/** Ways to write a peer: as it is, and an IPv4 address as an IPv6 one. */
export const FORMS = [
  "native",
  "mapped",
  "compatible",
  "6to4",
  "NAT64",
  "local NAT64",
  "Teredo",
] as const;
export type Form = (typeof FORMS)[number];

/** A peer as a request names it. */
export interface Peer {
  /** IPv6 in full: eight groups. */
  readonly host: string;
  readonly form: Form;
}

const groups = (value: bigint, count: number, bits: bigint) =>
  Array.from({ length: count }, (_, it) => {
    const shift = BigInt(count - 1 - it) * bits;
    return (value >> shift) & ((1n << bits) - 1n);
  });
const ipv4Text = (value: bigint) => groups(value, 4, 8n).join(".");
const ipv6Text = (value: bigint) =>
  groups(value, 8, 16n)
    .map((it) => it.toString(16))
    .join(":");

const joined = (parts: readonly string[], base: 10 | 16) =>
  parts.reduce((sum, it) => sum * (base === 10 ? 256n : 65_536n) + BigInt(parseInt(it, base)), 0n);

function valueOf(address: string): bigint {
  if (!isIPv6(address)) return joined(address.split("."), 10);
  const [before = [], after = []] = address
    .split("::")
    .map((it) => it.split(":").filter((group) => group !== ""));
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return joined([...before, ...zeros, ...after], 16);
}

/** First, middle and last address of a CIDR, as values. */
function ends(cidr: string): readonly bigint[] {
  const [address = "", length = ""] = cidr.split("/");
  const first = valueOf(address);
  const size = 1n << BigInt((isIPv6(address) ? 128 : 32) - Number(length));
  return [...new Set([first, first + size / 2n, first + size - 1n])];
}

/**
 * IPv4-mapped and -compatible (RFC 4291 section 2.5.5), 6to4 (RFC 3056 section 2), NAT64 (RFC 6052 section 2.2;
 * RFC 8215 with a prefix of 96 bits), and Teredo with the address as its client's, inverted (RFC 4380 section 4).
 */
const WRITTEN: Readonly<Record<Exclude<Form, "native">, (ipv4: bigint) => bigint>> = {
  mapped: (it) => (0xffffn << 32n) | it,
  compatible: (it) => it,
  "6to4": (it) => (0x2002n << 112n) | (it << 80n) | 1n,
  NAT64: (it) => (0x64_ff9bn << 96n) | it,
  "local NAT64": (it) => (0x64_ff9b_0001n << 80n) | it,
  Teredo: (it) => (0x2001n << 112n) | (0x5db8_d822n << 64n) | (it ^ 0xffff_ffffn),
};

/** The form's own way to write an IPv4 address. */
export function written(address: string, form: Form): Peer {
  const value = valueOf(address);
  const host = form === "native" ? ipv4Text(value) : ipv6Text(WRITTEN[form](value));
  return { host, form };
}

/** First, middle and last address of every range, IPv4 ones in every form; none twice. */
export function peersIn(cidrs: readonly string[]): Peer[] {
  const peers = cidrs.flatMap((cidr) =>
    ends(cidr).flatMap((value) =>
      cidr.includes(":")
        ? [{ host: ipv6Text(value), form: "native" as const }]
        : FORMS.map((form) => written(ipv4Text(value), form)),
    ),
  );
  return [...new Map(peers.map((it) => [`${it.form} ${it.host}`, it])).values()];
}

/** One way to write an address, that two may be compared by. */
export const canonical = (host: string): string =>
  isIPv6(host) ? new URL(`http://[${host}]/`).hostname.slice(1, -1) : host;

/** Where the kernel sends what is for the peer: mapped addresses are IPv4, and nobody's is the sender's `own`. */
export function destination({ host, form }: Peer, own: string): string {
  const ipv4 = form === "mapped" ? ipv4Text(valueOf(host) & 0xffff_ffffn) : host;
  if (ipv4 === "0.0.0.0") return own;
  const text = canonical(ipv4);
  return text === "::" ? "::1" : text;
}
