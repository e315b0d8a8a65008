import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { BlockList } from "node:net";
import {
  type AddressRange,
  mergeRanges,
  parseCidr,
  sizeOf,
  subtractRanges,
} from "../../policy/cidr.ts";
import { isPublic } from "../../policy/publicSources.ts";

const known = (cidrs: readonly string[]) => cidrs.flatMap((it) => parseCidr(it) ?? []);
const holds = (ranges: readonly AddressRange[], address: string) =>
  known([address]).some(({ family, first }) =>
    ranges.some((it) => it.family === family && it.first <= first && first <= it.last),
  );

const familyOf = (text: string) => (text.includes(":") ? "ipv6" : "ipv4");

/** Judged by Node's own arithmetic, which would find an IPv4 address in IPv6 blocks as well. */
function covered(cidrs: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const cidr of cidrs.filter((it) => familyOf(it) === familyOf(address))) {
    const [network = "", length] = cidr.split("/");
    list.addSubnet(network, Number(length), familyOf(network));
  }
  return list.check(address, familyOf(address));
}

/** BlockList takes IPv4-mapped addresses for IPv4 ones, AWS and we do not. */
const ipv6 = fc
  .ipV6()
  .filter((it) => !/^(?:0{0,4}:)*:?(?:0{0,4}:)*ffff:/i.test(it) && !it.includes("."));
const cidr4 = fc
  .tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }))
  .map(([it, length]) => `${it}/${length}`);
const cidr6 = fc
  .tuple(ipv6, fc.integer({ min: 1, max: 128 }))
  .map(([it, length]) => `${it}/${length}`);
const cidrs = fc.array(fc.oneof(cidr4, cidr6), { maxLength: 6 });
const address = fc.oneof(fc.ipV4(), ipv6);

/** Any address, and often one in the blocks. */
const blocksAndAddress = cidrs.chain((list) =>
  fc.tuple(
    fc.constant(list),
    list.length === 0
      ? address
      : fc.oneof(
          address,
          fc.constantFrom(...list).map((it) => it.split("/")[0] ?? it),
        ),
  ),
);

test("merged blocks hold the addresses that the blocks held, and are apart from each other", () => {
  fc.assert(
    fc.property(blocksAndAddress, ([list, probe]) => {
      const merged = mergeRanges(known(list));
      expect(holds(merged, probe)).toBe(covered(list, probe));
      for (const [index, it] of merged.entries()) {
        const next = merged[index + 1];
        expect(next?.family === it.family && next.first <= it.last + 1n).toBe(false);
      }
    }),
  );
});

test.each([
  [["0.0.0.0/1", "128.0.0.0/1"], 1, 2n ** 32n],
  [["10.0.0.2/31", "10.0.0.0/31"], 1, 4n],
  [["10.0.0.1", "10.0.0.1"], 1, 1n],
  [["10.0.0.0/8", "10.1.0.0/16"], 1, 2n ** 24n],
  [["10.0.0.0/32", "10.0.0.2/32"], 2, 2n],
  [["255.255.255.255", "::"], 2, 2n],
] as const)("%j are %i ranges of %s addresses", (list, count, size) => {
  const merged = mergeRanges(known(list));
  expect(merged).toHaveLength(count);
  expect(sizeOf(merged)).toBe(size);
});

test("blocks without holes hold what is in a block and in no hole", () => {
  fc.assert(
    fc.property(blocksAndAddress, cidrs, ([list, probe], holes) => {
      const left = subtractRanges(known(list), known(holes));
      expect(holds(left, probe)).toBe(covered(list, probe) && !covered(holes, probe));
    }),
  );
});

test.each([
  ["0.0.0.0/0", 4, 2n ** 32n],
  ["198.51.100.7", 4, 1n],
  ["198.51.100.7/24", 4, 256n],
  ["::/0", 6, 2n ** 128n],
  ["2001:db8::1", 6, 1n],
  ["::ffff:192.0.2.1/120", 6, 256n],
  ["1:2:3:4:5:6:7:8/64", 6, 2n ** 64n],
] as const)("%s is %i with %s addresses", (text, family, size) => {
  const range = parseCidr(text);
  expect(range?.family).toBe(family);
  expect(sizeOf(range ? [range] : [])).toBe(size);
});

test.each([
  "",
  "0.0.0.0/33",
  "0.0.0.0/-1",
  "0.0.0.0/",
  "10/8",
  "::/129",
  "fe80::1%eth0",
  "a/0",
  "1.2.3.4/1/2",
])("%j is no block", (text) => {
  expect(parseCidr(text)).toBeUndefined();
});

describe("the public", () => {
  test.each([
    [["0.0.0.0/0"]],
    [["::/0"]],
    [["2000::/3"]],
    [["0.0.0.0/1", "128.0.0.0/1"]],
    [["0.0.0.0/1"]],
    [["8.0.0.0/7"]],
    [["8.0.0.0/8", "12.0.0.0/32"]],
    [["11.0.0.0/8", "12.0.0.0/8"]],
  ])("is %j", (list) => {
    expect(isPublic(known(list))).toBe(true);
  });

  test.each([
    [[]],
    [["8.0.0.0/8"]],
    [["10.0.0.0/7"]],
    [["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8"]],
    [["fc00::/7", "fe80::/10"]],
    [["2001::/16"]],
    [["198.51.100.0/24", "2001:db8::/32"]],
  ])("is not %j", (list) => {
    expect(isPublic(known(list))).toBe(false);
  });
});
