import * as z from "zod";
import type { ResourceRule } from "../../rule.ts";

const config = z.strictObject({
  types: z
    .array(z.string())
    .default([
      "aws:ec2/eip:Eip",
      "aws:ecr/repository:Repository",
      "aws:kms/key:Key",
      "aws:route53/zone:Zone",
      "aws:s3/bucket:Bucket",
      "aws:s3/bucketV2:BucketV2",
    ])
    .describe("Types of resources that cannot be made again as they were"),
});

/** Another address, key or zone is not the same one: clients, encrypted data and delegations know the old. */
export const identityProtected: ResourceRule<z.infer<typeof config>> = {
  name: "identity-protected",
  description: "Addresses, keys, zones, repositories and buckets are protected from deletion.",
  level: "mandatory",
  severity: "high",
  mirrors: [],
  config,
  checkResource: ({ type, protect }, { types }) =>
    types.includes(type) && !protect
      ? [
          {
            what: "can be deleted by one wrong update",
            seen: "the option protect is false",
            mend: "set the resource option protect to true",
          },
        ]
      : [],
};
