import { expect, test } from "@jest/globals";
import { flowLogsRoleName, nodeRoleName } from "../../plan/awsPlace.ts";
import { requireBucketName } from "../../plan/documentBucket.ts";

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const LONGEST_ROLE = 64;

test.each(["eu-west-1", "eu-central-1", "ap-southeast-4", "us-gov-east-1"])(
  "the roles of the longest stack's name in %s fit IAM",
  (region) => {
    const longest = 63 - `turnkey--123456789012-${region}`.length;
    const stack = "a".repeat(longest);
    expect(() => requireBucketName(stack, region)).not.toThrow();
    expect(() => requireBucketName(`${stack}a`, region)).toThrow();
    for (const name of [nodeRoleName, flowLogsRoleName])
      expect(name(stack, { region }).length).toBeLessThanOrEqual(LONGEST_ROLE);
  },
);

test("two regions have roles of their own", () => {
  expect(nodeRoleName("prod", { region: "eu-west-1" })).toBe("turnkey-prod-eu-west-1-node");
  expect(flowLogsRoleName("prod", { region: "us-east-1" })).toBe(
    "turnkey-prod-us-east-1-flow-logs",
  );
});
