import type { Fields } from "../../provider/kind.ts";
import type { Props } from "../../provider/value.ts";
import type { AwsKind } from "../awsKind.ts";
import {
  autonamed,
  awsTable,
  count,
  fixed,
  flag,
  found,
  required,
  setOf,
  text,
  texts,
  textMap,
  withDefault,
} from "../fields.ts";
import { regionalArn } from "../place.ts";

const inlineRules = found({
  type: setOf({
    protocol: required(text),
    fromPort: required(count),
    toPort: required(count),
    cidrBlocks: { type: { list: "string" } },
    ipv6CidrBlocks: { type: { list: "string" } },
    prefixListIds: { type: { list: "string" } },
    securityGroups: texts,
    self: withDefault(flag, false),
    description: text,
  }),
});

/** `aws_security_group` (internal/service/ec2/vpc_security_group.go); Pulumi has its own description. */
export const securityGroup: AwsKind = {
  table: awsTable({
    inputs: {
      name: autonamed(255),
      description: fixed(withDefault(text, "Managed by Pulumi")),
      vpcId: fixed(found(text)),
      ingress: inlineRules,
      egress: inlineRules,
      revokeRulesOnDelete: withDefault(flag, false),
    },
    outputs: ["arn", "ownerId"],
    tagged: true,
  }),
  id: ({ hex }) => `sg-0${hex(16)}`,
  outputs: ({ place }, id) => ({
    arn: regionalArn(place, "ec2", `security-group/${id}`),
    ownerId: place.account,
  }),
  unique: { by: ["name", "vpcId"], code: "InvalidGroup.Duplicate" },
  held: {
    by: {
      "aws:ec2/instance:Instance": "vpcSecurityGroupIds",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": "referencedSecurityGroupId",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": "referencedSecurityGroupId",
    },
    code: "DependencyViolation",
  },
};

/**
 * `aws_default_security_group` (internal/service/ec2/vpc_default_security_group.go): adopts the group
 * that a VPC is born with, and leaves it behind.
 */
export const defaultSecurityGroup: AwsKind = {
  table: awsTable({
    inputs: { vpcId: fixed(found(text)), ingress: inlineRules, egress: inlineRules },
    outputs: { arn: {}, ownerId: {}, name: { always: "default" }, description: {} },
    tagged: true,
  }),
  id: ({ hex }) => `sg-0${hex(16)}`,
  outputs: ({ place }, id) => ({
    arn: regionalArn(place, "ec2", `security-group/${id}`),
    ownerId: place.account,
    name: "default",
    description: "default VPC security group",
  }),
};

const sources = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];

const ruleInputs: Fields = {
  securityGroupId: fixed(required(text)),
  ipProtocol: required(text),
  fromPort: count,
  toPort: count,
  ...Object.fromEntries(sources.map((name) => [name, text])),
  description: text,
  tags: textMap,
};

/**
 * `aws_vpc_security_group_ingress_rule` and its twin (internal/service/ec2/
 * vpc_security_group_ingress_rule.go): a rule is changed in place, unless its kind of source changes.
 */
const rule = (): AwsKind => ({
  table: awsTable({
    inputs: ruleInputs,
    outputs: { arn: {}, securityGroupRuleId: {}, tagsAll: { sameAs: "tags" } },
    bridge: "framework",
  }),
  id: ({ hex }) => `sgr-0${hex(16)}`,
  outputs: ({ place }, id) => ({
    arn: regionalArn(place, "ec2", `security-group-rule/${id}`),
    securityGroupRuleId: id,
  }),
  diff: (olds, news) => {
    const [before, after] = [sourceOf(olds), sourceOf(news)];
    if (before === after || before === undefined || after === undefined) return [];
    return [
      { path: before, kind: "delete", replaces: true },
      { path: after, kind: "add", replaces: true },
    ];
  },
  unique: {
    by: ["securityGroupId", "ipProtocol", "fromPort", "toPort", ...sources],
    code: "InvalidPermission.Duplicate",
  },
});

const sourceOf = (props: Props) => sources.find((name) => props[name]);

/** What may come in. */
export const securityGroupIngressRule = rule();
/** What may go out. */
export const securityGroupEgressRule = rule();
