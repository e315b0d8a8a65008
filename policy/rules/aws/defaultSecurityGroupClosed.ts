import { isAttachedTo } from "../../attachedTo.ts";
import { itemsOf } from "../../known.ts";
import { DEFAULT_SECURITY_GROUP } from "../../openings.ts";
import type { Finding, StackRule } from "../../rule.ts";
import { VPC } from "./vpcType.ts";

/** What names no group gets the default one, which as AWS makes it lets its members reach each other and everything outside. */
export const defaultSecurityGroupClosed: StackRule = {
  name: "default-security-group-closed",
  description: "The default security group of every VPC is declared, and lets nothing through.",
  level: "mandatory",
  severity: "medium",
  mirrors: ["CKV2_AWS_12"],
  checkStack: (resources) => {
    const groups = resources.filter(({ type }) => type === DEFAULT_SECURITY_GROUP);
    const open = groups.flatMap((resource) =>
      ["ingress", "egress"].flatMap((key): readonly Finding[] => {
        const { length } = itemsOf(resource.props, key);
        if (length === 0) return [];
        return [
          {
            resource,
            what: "is a default security group that lets traffic through",
            seen: `${key} has ${length} ${length === 1 ? "rule" : "rules"}`,
            mend: `leave ${key} out, and use a group of your own`,
          },
        ];
      }),
    );
    const bare = resources
      .filter(({ type }) => type === VPC)
      .filter((vpc) => !groups.some((it) => isAttachedTo(it, "vpcId", vpc, "id")))
      .map((resource) => ({
        resource,
        what: "leaves its default security group open",
        seen: "no aws.ec2.DefaultSecurityGroup has this VPC",
        mend: "declare one with vpcId alone: without rules it is closed",
      }));
    return [...open, ...bare];
  },
};
