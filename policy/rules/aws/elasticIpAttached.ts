import { isAttachedTo } from "../../attachedTo.ts";
import { peek } from "../../known.ts";
import type { Resource, StackRule } from "../../rule.ts";

/** Resources that hold an Elastic IP by its allocation. */
const HOLDERS: ReadonlySet<string> = new Set([
  "aws:ec2/eipAssociation:EipAssociation",
  "aws:ec2/natGateway:NatGateway",
  "aws:lb/loadBalancer:LoadBalancer",
]);

/** An address that nothing holds is paid for all the same, and DNS records that still name it lead nowhere. */
export const elasticIpAttached: StackRule = {
  name: "elastic-ip-attached",
  description: "Every Elastic IP is associated with something.",
  level: "mandatory",
  severity: "low",
  mirrors: ["CKV2_AWS_19"],
  checkStack: (resources) => {
    const holders = resources.filter(({ type }) => HOLDERS.has(type));
    return resources
      .filter(({ type }) => type === "aws:ec2/eip:Eip")
      .filter((it) => !isInUse(it) && !holders.some((holder) => holds(holder, it)))
      .map((resource) => ({
        resource,
        what: "is an address that nothing holds",
        seen: "neither an association nor its own instance or networkInterface",
        mend: "associate it (aws.ec2.EipAssociation), or release it",
      }));
  },
};

/** Outputs are known later for any address, so it is what the inputs are made of that counts, or a plain id. */
const isInUse = ({ dependencies, props }: Resource) =>
  ["instance", "networkInterface"].some((key) => {
    const id = peek(props, key);
    return (dependencies[key] ?? []).length > 0 || (typeof id === "string" && id !== "");
  });

const holds = (holder: Resource, address: Resource) =>
  isAttachedTo(holder, "allocationId", address, "allocationId") ||
  Object.values(holder.dependencies).some((urns) => urns.includes(address.urn));
