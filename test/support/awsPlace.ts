/** A place in AWS, and a stack in it. */
import type { AwsPlace } from "../../plan/awsPlace.ts";

export const frankfurt: AwsPlace = {
  partition: "aws",
  accountId: "123456789012",
  region: "eu-central-1",
};

/** The stack `prod` in Frankfurt. */
export const prod = {
  stack: "prod",
  ...frankfurt,
  tags: { "turnkey:stack": "prod", team: "calls" },
};
