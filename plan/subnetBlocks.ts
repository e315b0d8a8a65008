import { blockOf, subtractCidr } from "./ipv4Block.ts";

/**
 * The blocks of a VPC's two public subnets: the first two quarters, which leaves half of the VPC to what
 * comes later. A subnet of AWS is at least a /28, so `cidr` is at most a /26.
 */
export function subnetBlocks(cidr: string): readonly [string, string] {
  const [address = "", length = ""] = cidr.split("/");
  const quarter = Number(length) + 2;
  const first = blockOf(address, quarter);
  const [second = ""] = subtractCidr(blockOf(address, quarter - 1), first);
  return [first, second];
}
