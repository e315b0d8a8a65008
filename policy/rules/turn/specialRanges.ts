/**
 * The special-purpose blocks of IANA, written down from its registries: IPv4 and IPv6 Special-Purpose
 * Address (RFC 6890, RFC 8190), and those for multicast. Kept apart from what Turnkey's own plan denies, on
 * purpose: one is to find what the other forgot. Of what lies inside a block that is listed, only the block
 * is. IPv4-mapped addresses (`::ffff:0:0/96`) are left out: both servers take them for the IPv4 they are,
 * and coturn would refuse all of IPv4.
 */
import { parseCidr } from "../../cidr.ts";

const blocks: Readonly<Record<string, string>> = {
  "0.0.0.0/8": "this network, RFC 791",
  "10.0.0.0/8": "private use, RFC 1918",
  "100.64.0.0/10": "shared by carriers, RFC 6598",
  "127.0.0.0/8": "loopback, RFC 1122",
  "169.254.0.0/16": "link-local and cloud metadata, RFC 3927",
  "172.16.0.0/12": "private use, RFC 1918",
  "192.0.0.0/24": "protocol assignments, RFC 6890",
  "192.0.2.0/24": "documentation, RFC 5737",
  "192.31.196.0/24": "AS112, RFC 7535",
  "192.52.193.0/24": "multicast tunnels, RFC 7450",
  "192.88.99.0/24": "6to4 relays, RFC 7526",
  "192.168.0.0/16": "private use, RFC 1918",
  "192.175.48.0/24": "AS112, RFC 7534",
  "198.18.0.0/15": "benchmarks, RFC 2544",
  "198.51.100.0/24": "documentation, RFC 5737",
  "203.0.113.0/24": "documentation, RFC 5737",
  "224.0.0.0/4": "multicast, RFC 5771",
  "240.0.0.0/4": "reserved and broadcast, RFC 1112",
  "::/96": "unspecified, loopback and IPv4-compatible, RFC 4291",
  "64:ff9b::/96": "translation to IPv4, RFC 6052",
  "64:ff9b:1::/48": "translation to IPv4, RFC 8215",
  "100::/64": "discard only, RFC 6666",
  "100:0:0:1::/64": "dummy prefix, RFC 9780",
  "2001::/23": "protocol assignments and Teredo, RFC 2928",
  "2001:db8::/32": "documentation, RFC 3849",
  "2002::/16": "6to4, RFC 3056",
  "2620:4f:8000::/48": "AS112, RFC 7534",
  "3fff::/20": "documentation, RFC 9637",
  "5f00::/16": "segment routing, RFC 9602",
  "fc00::/7": "unique local, RFC 4193",
  "fe80::/10": "link-local, RFC 4291",
  "fec0::/10": "site-local, RFC 3879",
  "ff00::/8": "multicast, RFC 4291",
};

/** Each block with its addresses and its use. */
export const specialRanges = Object.entries(blocks).flatMap(([cidr, use]) => {
  const range = parseCidr(cidr);
  return range === undefined ? [] : [{ cidr, use, range }];
});

/** Where a stack for development may let its relay reach: this machine, or one network of a home or an office. */
export const developmentRanges = ["127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
