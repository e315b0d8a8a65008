import { itemsOf, peek, shown, UNKNOWN } from "../../known.ts";
import { EGRESS_RULE, INGRESS_RULE, SECURITY_GROUP, SECURITY_GROUP_RULE } from "../../openings.ts";
import type { Finding, Resource, ResourceRule } from "../../rule.ts";

/** What the Terraform and Pulumi providers write where a program says nothing. */
const STOCK = /^Managed by (?:Terraform|Pulumi)$/i;

/** A rule that says what it carries can be judged, and taken out when that is gone. */
export const firewallDescriptions: ResourceRule = {
  name: "firewall-descriptions",
  description: "Every security group and each of its rules says what it is for.",
  level: "mandatory",
  severity: "low",
  mirrors: ["CKV_AWS_23"],
  checkResource: (resource) =>
    described(resource)
      .filter(
        ([, text]) =>
          text !== UNKNOWN &&
          !(typeof text === "string" && text.trim() !== "" && !STOCK.test(text)),
      )
      .map(([path, text]): Finding => ({
        what: "does not say what it is for",
        seen: `${path} is ${shown(text)}`,
        mend: `set ${path} to what it carries, and for whom`,
      })),
};

function described({ type, props }: Resource): readonly (readonly [path: string, text: unknown])[] {
  if (type === INGRESS_RULE || type === EGRESS_RULE || type === SECURITY_GROUP_RULE)
    return [["description", peek(props, "description")]];
  if (type !== SECURITY_GROUP) return [];
  return [
    ["description", peek(props, "description")],
    ...["ingress", "egress"].flatMap((direction) =>
      itemsOf(props, direction).map(
        (it, index) => [`${direction}[${index}].description`, peek(it, "description")] as const,
      ),
    ),
  ];
}
