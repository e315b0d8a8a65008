import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { BlockList } from "node:net";
import { peerPolicy, subtractCidr } from "../../plan/peerPolicy.ts";

/** Judges addresses with Node's own CIDR arithmetic. */
function denies(deny: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const cidr of deny) {
    const [network = "", length] = cidr.split("/");
    list.addSubnet(network, Number(length), network.includes(":") ? "ipv6" : "ipv4");
  }
  return list.check(address, address.includes(":") ? "ipv6" : "ipv4");
}

const address = fc.ipV4();

test("a block without a hole holds every address of the block but the hole's", () => {
  const blocks = fc.constantFrom("10.0.0.0/8", "127.0.0.0/8", "192.168.0.0/16", "169.254.0.0/16");
  fc.assert(
    fc.property(blocks, address, address, (block, hole, probe) => {
      const rest = subtractCidr(block, `${hole}/32`);
      expect(denies(rest, probe)).toBe(denies([block], probe) && probe !== hole);
    }),
  );
});

test("a hole is cut out with the fewest blocks", () => {
  expect(subtractCidr("10.0.0.0/30", "10.0.0.1/32")).toEqual(["10.0.0.0/32", "10.0.0.2/31"]);
  expect(subtractCidr("10.0.0.0/8", "10.0.0.0/8")).toEqual([]);
  expect(subtractCidr("10.0.0.0/8", "11.0.0.0/8")).toEqual(["10.0.0.0/8"]);
});

describe("a node on a laptop", () => {
  const { deny, allow } = peerPolicy("127.0.0.1");

  test("relays to itself and to nothing else that is special", () => {
    expect(allow).toEqual(["127.0.0.1/32"]);
    expect(denies(deny, "127.0.0.1")).toBe(false);
  });

  test.each([
    "127.0.0.2",
    "127.255.255.255",
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "172.31.255.255",
    "192.0.0.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.7",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::127.0.0.1",
    "fd00:ec2::254",
    "fe80::1",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
    "2001:0:1::1",
    "ff02::1",
  ])("does not relay to %s", (peer) => {
    expect(denies(deny, peer)).toBe(true);
  });

  test.each(["8.8.8.8", "1.1.1.1", "192.0.1.1", "2606:4700::1111"])("relays to %s", (peer) => {
    expect(denies(deny, peer)).toBe(false);
  });
});

test("a public node allows no special address back", () => {
  expect(peerPolicy("18.200.1.2").allow).toEqual([]);
});
