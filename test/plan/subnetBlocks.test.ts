import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { blockOf, cidrHolds, commonCidr } from "../../plan/ipv4Block.ts";
import { subnetBlocks } from "../../plan/subnetBlocks.ts";

test.each([
  ["10.77.0.0/24", ["10.77.0.0/26", "10.77.0.64/26"]],
  ["10.0.0.0/16", ["10.0.0.0/18", "10.0.64.0/18"]],
  ["192.168.1.192/26", ["192.168.1.192/28", "192.168.1.208/28"]],
])("the subnets of %s are %j", (cidr, subnets) => {
  expect(subnetBlocks(cidr)).toEqual(subnets);
});

test("the subnets lie in the VPC, apart, and are as large as AWS asks", () => {
  const bytes = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
  fc.assert(
    fc.property(bytes, fc.integer({ min: 16, max: 26 }), (address, length) => {
      const cidr = blockOf(address.join("."), length);
      const [one, other] = subnetBlocks(cidr);
      expect([cidrHolds(cidr, one), cidrHolds(cidr, other)]).toEqual([true, true]);
      expect(commonCidr(one, other)).toBeUndefined();
      for (const it of [one, other]) expect(Number(it.split("/")[1])).toBeLessThanOrEqual(28);
    }),
  );
});
