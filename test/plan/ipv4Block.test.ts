import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { BlockList } from "node:net";
import { blockOf, cidrHolds, commonCidr, subtractCidr } from "../../plan/ipv4Block.ts";

/** Judges addresses with Node's own CIDR arithmetic. */
function covers(cidrs: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [network = "", length] = cidr.split("/");
    list.addSubnet(network, Number(length), "ipv4");
  }
  return list.check(address, "ipv4");
}

const address = fc.ipV4();
const length = fc.integer({ min: 0, max: 32 });
const cidr = fc.tuple(address, length).map(([it, bits]) => blockOf(it, bits));

test.each([
  ["192.168.1.5", 24, "192.168.1.0/24"],
  ["10.77.26.9", 8, "10.0.0.0/8"],
  ["172.31.255.255", 12, "172.16.0.0/12"],
  ["203.0.113.7", 32, "203.0.113.7/32"],
  ["255.255.255.255", 0, "0.0.0.0/0"],
  ["192.168.1.131", 25, "192.168.1.128/25"],
])("%s with a prefix of %i lies in %s", (it, bits, block) => {
  expect(blockOf(it, bits)).toBe(block);
});

test("an address lies in its own block", () => {
  fc.assert(fc.property(address, length, (it, bits) => cidrHolds(blockOf(it, bits), it)));
});

test("a block without a hole holds every address of the block but the hole's", () => {
  fc.assert(
    fc.property(cidr, cidr, address, (block, hole, probe) => {
      const expected = covers([block], probe) && !covers([hole], probe);
      expect(covers(subtractCidr(block, hole), probe)).toBe(expected);
    }),
  );
});

test("what two blocks share holds the addresses that are in both", () => {
  fc.assert(
    fc.property(cidr, cidr, address, (one, other, probe) => {
      const common = commonCidr(one, other);
      const inCommon = common !== undefined && covers([common], probe);
      expect(inCommon).toBe(covers([one], probe) && covers([other], probe));
    }),
  );
});

describe("a hole", () => {
  test.each([
    ["10.0.0.0/30", "10.0.0.1/32", ["10.0.0.0/32", "10.0.0.2/31"]],
    ["10.0.0.0/8", "10.0.0.0/8", []],
    ["10.0.0.0/8", "11.0.0.0/8", ["10.0.0.0/8"]],
    ["192.168.1.0/24", "192.168.0.0/16", []],
  ])("in %s of %s is cut out with the fewest blocks", (block, hole, rest) => {
    expect(subtractCidr(block, hole)).toEqual(rest);
  });
});
