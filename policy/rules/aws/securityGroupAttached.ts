import {
  DEFAULT_SECURITY_GROUP,
  EGRESS_RULE,
  INGRESS_RULE,
  SECURITY_GROUP,
  SECURITY_GROUP_RULE,
} from "../../openings.ts";
import { peek, textsOf } from "../../known.ts";
import type { Resource, StackRule } from "../../rule.ts";

/** What is made of a group and does not put it to use. */
const PARTS: ReadonlySet<string> = new Set([
  SECURITY_GROUP,
  DEFAULT_SECURITY_GROUP,
  SECURITY_GROUP_RULE,
  INGRESS_RULE,
  EGRESS_RULE,
]);

/** Inputs that put a group to use by its id. */
const USES = ["vpcSecurityGroupIds", "securityGroups", "securityGroupIds"];

/** A group that nothing uses protects nothing, and waits to be used by mistake. */
export const securityGroupAttached: StackRule = {
  name: "security-group-attached",
  description: "Every security group is used by something.",
  level: "mandatory",
  severity: "low",
  mirrors: ["CKV2_AWS_5"],
  checkStack: (resources) => {
    const users = resources.filter(({ type }) => type.startsWith("aws:") && !PARTS.has(type));
    return resources
      .filter((it) => it.type === SECURITY_GROUP && !users.some((user) => uses(user, it)))
      .map((resource) => ({
        resource,
        what: "is not attached to anything",
        seen: "no resource of the stack names it",
        mend: "give it to an instance (vpcSecurityGroupIds), or remove it",
      }));
  },
};

function uses({ dependencies, props }: Resource, group: Resource): boolean {
  if (Object.values(dependencies).some((urns) => urns.includes(group.urn))) return true;
  const id = peek(group.props, "id");
  return typeof id === "string" && USES.some((key) => textsOf(props, key).includes(id));
}
