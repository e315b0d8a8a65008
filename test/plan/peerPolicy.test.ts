import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { BlockList } from "node:net";
import { developmentPeers, isSpecialIpv4 } from "../../plan/peerPolicy.ts";

// The oracle: what is special is written once more, as first and last addresses, and judged as numbers.

const ipv4 = (text: string) => text.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
const ipv4Text = (value: number) =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");

/** IANA IPv4 Special-Purpose Address Registry, with multicast (RFC 5771) and 6to4 relays (RFC 7526). */
const SPECIAL: readonly (readonly [number, number])[] = [
  ["0.0.0.0", "0.255.255.255"],
  ["10.0.0.0", "10.255.255.255"],
  ["100.64.0.0", "100.127.255.255"],
  ["127.0.0.0", "127.255.255.255"],
  ["169.254.0.0", "169.254.255.255"],
  ["172.16.0.0", "172.31.255.255"],
  ["192.0.0.0", "192.0.0.255"],
  ["192.0.2.0", "192.0.2.255"],
  ["192.31.196.0", "192.31.196.255"],
  ["192.52.193.0", "192.52.193.255"],
  ["192.88.99.0", "192.88.99.255"],
  ["192.168.0.0", "192.168.255.255"],
  ["192.175.48.0", "192.175.48.255"],
  ["198.18.0.0", "198.19.255.255"],
  ["198.51.100.0", "198.51.100.255"],
  ["203.0.113.0", "203.0.113.255"],
  ["224.0.0.0", "255.255.255.255"],
].map(([first = "", last = ""]) => [ipv4(first), ipv4(last)] as const);

const isSpecial = (value: number) =>
  SPECIAL.some(([first, last]) => first <= value && value <= last);

/** IANA IPv6 Special-Purpose Address Registry, with multicast and what RFC 3879 took out of use. */
const SPECIAL_IPV6: readonly (readonly [prefix: string, length: number])[] = [
  ["0000 0000 0000 0000 0000 0000", 96],
  ["0064 ff9b 0000 0000 0000 0000", 96],
  ["0064 ff9b 0001", 48],
  ["0100 0000 0000 0000", 64],
  ["2001 00", 23],
  ["2001 0db8", 32],
  ["2002", 16],
  ["2620 004f 8000", 48],
  ["3fff 0", 20],
  ["5f00", 16],
  ["fc", 7],
  ["fe8", 10],
  ["fec", 10],
  ["ff", 8],
];

const bits = (hex: string) =>
  Array.from(hex.replaceAll(" ", "").padEnd(32, "0"))
    .map((it) => parseInt(it, 16).toString(2).padStart(4, "0"))
    .join("");

/** Eight groups, written out in full. */
const isSpecialIpv6 = (groups: readonly number[]) => {
  const address = bits(groups.map((it) => it.toString(16).padStart(4, "0")).join(""));
  return SPECIAL_IPV6.some(([prefix, length]) => address.startsWith(bits(prefix).slice(0, length)));
};

const blocks = (cidrs: readonly string[]) =>
  cidrs
    .filter((it) => !it.includes(":"))
    .map((it) => {
      const [address = "", length] = it.split("/");
      const first = ipv4(address);
      return { first, last: first + 2 ** (32 - Number(length)) - 1, length: Number(length) };
    });
const among = (cidrs: readonly string[], value: number) =>
  blocks(cidrs).some(({ first, last }) => first <= value && value <= last);

/** Judged by Node, which takes an IPv4-mapped address for the IPv4 one, as LiveKit does. */
function amongIpv6(cidrs: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [network = "", length] = cidr.split("/");
    list.addSubnet(network, Number(length), network.includes(":") ? "ipv6" : "ipv4");
  }
  return list.check(address, "ipv6");
}

const LAST = 2 ** 32 - 1;
/** Any address, and often one in a special range or at its edges. */
const address = fc.oneof(
  fc.nat(LAST),
  fc
    .constantFrom(...SPECIAL)
    .chain(([first, last]) =>
      fc.oneof(
        fc.integer({ min: first, max: last }),
        fc.constantFrom(first, last, Math.max(0, first - 1), Math.min(LAST, last + 1)),
      ),
    ),
);
/** A node's own address, or the subnet it is in. */
const open = fc
  .tuple(address, fc.oneof(fc.constant(32), fc.integer({ min: 1, max: 32 })))
  .map(([value, length]) => {
    const size = 2 ** (32 - length);
    const first = value - (value % size);
    return { first, last: first + size - 1, cidr: `${ipv4Text(first)}/${length}` };
  });
/** A peer, and often one in what is open or right beside it. */
const openAndPeer = open.chain((it) =>
  fc.tuple(
    fc.constant(it),
    fc.oneof(
      address,
      fc.integer({ min: it.first, max: it.last }),
      fc.constantFrom(Math.max(0, it.first - 1), Math.min(LAST, it.last + 1)),
    ),
  ),
);

const RUNS = { numRuns: 500 };

test("a peer is denied if it is special and not open, allowed back if it is special and open, whatever the node", () => {
  fc.assert(
    fc.property(openAndPeer, ([{ cidr, first, last }, peer]) => {
      const { deny, allow } = developmentPeers(cidr);
      const isOpen = first <= peer && peer <= last;
      expect({ denied: among(deny, peer), allowed: among(allow, peer) }).toEqual({
        denied: isSpecial(peer) && !isOpen,
        allowed: isSpecial(peer) && isOpen,
      });
    }),
    RUNS,
  );
});

test("both lists are of whole blocks, in order, none of which holds another", () => {
  fc.assert(
    fc.property(open, ({ cidr }) => {
      const { deny, allow } = developmentPeers(cidr);
      return [blocks(deny), blocks(allow)].every((list) =>
        list.every(
          ({ first, length }, index) =>
            first % 2 ** (32 - length) === 0 && first > (list[index - 1]?.last ?? -1),
        ),
      );
    }),
    RUNS,
  );
});

test("a public node opens nothing: its lists are the same whatever its address", () => {
  fc.assert(
    fc.property(address, address, (one, other) => {
      fc.pre(!isSpecial(one) && !isSpecial(other));
      const [policy, another] = [one, other].map((it) => developmentPeers(`${ipv4Text(it)}/32`));
      return policy?.allow.length === 0 && JSON.stringify(policy) === JSON.stringify(another);
    }),
    RUNS,
  );
});

test("an address is special as the registry says", () => {
  fc.assert(
    fc.property(address, (it) => isSpecialIpv4(ipv4Text(it)) === isSpecial(it)),
    RUNS,
  );
});

const group = fc.nat(0xffff);
const anyIpv6 = fc.oneof(
  fc.tuple(group, group, group, group, group, group, group, group),
  // Inside a special block: its prefix, and anything after it.
  fc
    .tuple(fc.constantFrom(...SPECIAL_IPV6), fc.bigInt(0n, 2n ** 128n - 1n))
    .map(([[prefix, length], rest]) => {
      const value =
        bits(prefix).slice(0, length) + rest.toString(2).padStart(128, "0").slice(length);
      return Array.from({ length: 8 }, (_, it) => parseInt(value.slice(it * 16, it * 16 + 16), 2));
    }),
);
const isMapped = (groups: readonly number[]) =>
  groups.slice(0, 5).every((it) => it === 0) && groups[5] === 0xffff;

test("an IPv6 peer is denied if it is special, whatever is open", () => {
  fc.assert(
    fc.property(anyIpv6, open, (groups, { cidr }) => {
      fc.pre(!isMapped(groups));
      const text = groups.map((it) => it.toString(16)).join(":");
      expect(amongIpv6(developmentPeers(cidr).deny, text)).toBe(isSpecialIpv6(groups));
    }),
    RUNS,
  );
});

test("an IPv4 peer written as IPv6 is denied and allowed as the IPv4 one is", () => {
  fc.assert(
    fc.property(openAndPeer, ([{ cidr }, peer]) => {
      const { deny, allow } = developmentPeers(cidr);
      const mapped = `::ffff:${ipv4Text(peer)}`;
      expect(amongIpv6(deny, mapped)).toBe(among(deny, peer));
      expect(amongIpv6(allow, mapped)).toBe(among(allow, peer));
    }),
    RUNS,
  );
});

describe("a node on a laptop", () => {
  const { deny, allow } = developmentPeers("127.0.0.1/32");

  test("relays to itself and to nothing else of its loopback", () => {
    expect(allow).toEqual(["127.0.0.1/32"]);
    expect(among(deny, ipv4("127.0.0.1"))).toBe(false);
    expect(among(deny, ipv4("127.0.0.2"))).toBe(true);
  });
});

describe("a node on a LAN", () => {
  const { deny, allow } = developmentPeers("192.168.1.0/24");

  test("relays to that LAN, and allows exactly it", () => {
    expect(allow).toEqual(["192.168.1.0/24"]);
    expect(among(deny, ipv4("192.168.1.77"))).toBe(false);
  });

  test.each(["127.0.0.1", "192.168.0.1", "192.168.2.1", "10.0.0.1", "169.254.169.254"])(
    "does not relay to %s",
    (peer) => {
      expect(among(deny, ipv4(peer))).toBe(true);
    },
  );
});
