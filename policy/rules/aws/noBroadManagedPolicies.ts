import * as z from "zod";
import { peek, textsOf } from "../../known.ts";
import type { ResourceRule } from "../../rule.ts";

const ATTACHMENTS: ReadonlySet<string> = new Set([
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
  "aws:iam/policyAttachment:PolicyAttachment",
]);

/** What a role, user or group has, as one list. */
const EXCLUSIVE: ReadonlySet<string> = new Set([
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
  "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive",
  "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive",
]);

const config = z.strictObject({
  refused: z
    .array(z.string())
    .default([
      "AdministratorAccess",
      "PowerUserAccess",
      "IAMFullAccess",
      "AWSKeyManagementServicePowerUser",
      "AmazonSSMManagedInstanceCore",
      "AmazonEC2RoleforSSM",
      "SecretsManagerReadWrite",
    ])
    .describe(
      "Names of managed policies; every one that ends in FullAccess or ReadOnlyAccess is refused as well",
    ),
});

/** `AmazonSSMManagedInstanceCore`, which guides give to instances, reads every parameter of the account. */
export const noBroadManagedPolicies: ResourceRule<z.infer<typeof config>> = {
  name: "no-broad-managed-policies",
  description: "No role is given a managed policy that reaches the whole account.",
  level: "mandatory",
  severity: "high",
  mirrors: ["CKV_AWS_274", "CKV2_AWS_56"],
  config,
  checkResource: ({ type, props }, { refused }) => {
    const arns = ATTACHMENTS.has(type)
      ? [["policyArn", peek(props, "policyArn")] as const]
      : type === "aws:iam/role:Role"
        ? textsOf(props, "managedPolicyArns").map((it) => ["managedPolicyArns", it] as const)
        : EXCLUSIVE.has(type)
          ? textsOf(props, "policyArns").map((it) => ["policyArns", it] as const)
          : [];
    return arns
      .filter(([, arn]) => typeof arn === "string" && isRefused(arn, refused))
      .map(([key, arn]) => ({
        what: "is given a policy that reaches the whole account",
        seen: `${key} has ${String(arn)}`,
        mend: "write a policy of its own with the actions and resources that are needed",
      }));
  },
};

function isRefused(arn: string, refused: readonly string[]): boolean {
  const name = arn.slice(arn.lastIndexOf("/") + 1);
  return refused.includes(name) || /(?:Full|ReadOnly)Access$/.test(name);
}
