import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Architecture } from "../../settings/aws.ts";

/** As AWS spells processors in the names of its images. */
const spelling = { arm64: "arm64", amd64: "x86_64" } as const satisfies Record<
  Architecture,
  string
>;

/**
 * The newest Amazon Linux 2023 image, from the parameter that AWS publishes (Systems Manager User Guide,
 * "Calling AMI public parameters"): the standard one, as the minimal has no agent for Session Manager.
 */
export const newestAmi = (
  architecture: Architecture,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<string> => {
  const name = `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${spelling[architecture]}`;
  // The provider calls every parameter's value a secret; this one is the same for all the world.
  return pulumi.unsecret(aws.ssm.getParameterOutput({ name }, opts).value);
};
