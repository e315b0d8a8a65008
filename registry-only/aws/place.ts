/** Where a provider works: everything that ids, ARNs and answers depend on. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly partition: Partition;
}

/** One of Amazon's separate worlds (AWS General Reference, "Amazon Resource Names"). */
export interface Partition {
  readonly name: string;
  readonly dnsSuffix: string;
}

/** The account of a deployment that names none: the one that stands in AWS's documentation. */
export const exampleAccount = "123456789012";

/** The partition that a region belongs to. */
export function partitionOf(region: string): Partition {
  if (region.startsWith("cn-")) return { name: "aws-cn", dnsSuffix: "amazonaws.com.cn" };
  const name = region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  return { name, dnsSuffix: "amazonaws.com" };
}

/** The ARN of a resource that belongs to a region. */
export const regionalArn = (place: Place, service: string, resource: string): string =>
  `arn:${place.partition.name}:${service}:${place.region}:${place.account}:${resource}`;

/** The ARN of a resource that belongs to an account alone, as in IAM. */
export const globalArn = (place: Place, service: string, resource: string): string =>
  `arn:${place.partition.name}:${service}::${place.account}:${resource}`;
