import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { awsKinds } from "../../../registry-only/aws/awsKinds.ts";
import type { Field, Fields, FieldType } from "../../../registry-only/provider/kind.ts";

// What @pulumi/aws declares, read from its types: the tables must be a part of it.
const sdk = (path: string) => readFileSync(`node_modules/@pulumi/aws/${path}.d.ts`, "utf8");
const nestedTypes = sdk("types/input");

interface Declared {
  readonly optional: boolean;
  readonly type: string;
}

/** The members of a block that begins with `head`, at one depth of indentation. */
function membersOf(source: string, head: string, indent: string): Map<string, Declared> {
  const start = source.indexOf(head);
  if (start === -1) throw new Error(`${head} is not in @pulumi/aws`);
  const block = source.slice(start, source.indexOf(`\n${indent.slice(4)}}`, start));
  const member = new RegExp(`^${indent}(?:readonly )?(\\w+)(\\??): (.*)$`, "gm");
  return new Map(
    [...block.matchAll(member)].map(([, name = "", optional, type = ""]) => [
      name,
      { optional: optional === "?", type },
    ]),
  );
}

function nestedMembers(type: string): Map<string, Declared> {
  const [, space = "", name = ""] = /inputs\.(\w+)\.(\w+)/.exec(type) ?? [];
  const start = nestedTypes.indexOf(`export declare namespace ${space} {`);
  const end = nestedTypes.indexOf("\nexport declare namespace ", start + 1);
  const own = nestedTypes.slice(start, end === -1 ? undefined : end);
  return membersOf(own, `    interface ${name} {`, " ".repeat(8));
}

const plain = {
  string: /\bstring\b/,
  integer: /\bnumber\b/,
  number: /\bnumber\b/,
  boolean: /\bboolean\b/,
};

/** What is wrong with a field, as texts that name it. */
function wrongType(path: string, type: FieldType, declared: string): readonly string[] {
  const wrong = [`${path} is declared as ${declared}`];
  if (typeof type === "string") {
    return plain[type].test(declared) && !declared.includes("[]") ? [] : wrong;
  }
  if ("map" in type) return declared.includes("Input<{") ? [] : wrong;
  if ("object" in type) {
    if (declared.includes("[]")) return wrong;
    return wrongFields(path, type.object, nestedMembers(declared));
  }
  const of = "list" in type ? type.list : type.set;
  if (!declared.includes("[]")) return wrong;
  return wrongType(`${path}[]`, of, declared.replace("[]", ""));
}

function wrongFields(path: string, fields: Fields, declared: Map<string, Declared>) {
  const unknown = Object.entries(fields).flatMap(([name, field]: [string, Field]) => {
    const it = declared.get(name);
    return it === undefined
      ? [`${path}.${name} is not declared`]
      : wrongType(`${path}.${name}`, field.type, it.type);
  });
  const lax = [...declared]
    .filter(([name, { optional }]) => !optional && !fields[name]?.required)
    .map(([name]) => `${path}.${name} is required`);
  return [...unknown, ...lax];
}

const wanted = `
  ec2/vpc:Vpc ec2/subnet:Subnet ec2/internetGateway:InternetGateway ec2/routeTable:RouteTable
  ec2/route:Route ec2/routeTableAssociation:RouteTableAssociation
  ec2/defaultSecurityGroup:DefaultSecurityGroup ec2/flowLog:FlowLog ec2/securityGroup:SecurityGroup
  ec2/eip:Eip ec2/eipAssociation:EipAssociation ec2/instance:Instance
  vpc/securityGroupIngressRule:SecurityGroupIngressRule
  vpc/securityGroupEgressRule:SecurityGroupEgressRule route53/record:Record s3/bucket:Bucket
  s3/bucketVersioning:BucketVersioning
  s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration
  s3/bucketPublicAccessBlock:BucketPublicAccessBlock
  s3/bucketOwnershipControls:BucketOwnershipControls s3/bucketPolicy:BucketPolicy
  s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration s3/bucketObjectv2:BucketObjectv2
  kms/key:Key kms/alias:Alias ssm/parameter:Parameter iam/role:Role iam/rolePolicy:RolePolicy
  iam/instanceProfile:InstanceProfile ecr/repository:Repository ecr/lifecyclePolicy:LifecyclePolicy
  cloudwatch/logGroup:LogGroup cloudwatch/logMetricFilter:LogMetricFilter
  cloudwatch/metricAlarm:MetricAlarm cloudwatch/dashboard:Dashboard sns/topic:Topic
  sns/topicPolicy:TopicPolicy sns/topicSubscription:TopicSubscription budgets/budget:Budget`
  .trim()
  .split(/\s+/)
  .map((name) => `aws:${name}`);

test("every kind that Turnkey declares has a table, and no other", () => {
  expect(Object.keys(awsKinds).toSorted()).toEqual(wanted.toSorted());
});

describe("a table says nothing that @pulumi/aws does not declare", () => {
  test.each(Object.entries(awsKinds))("%s", (token, { table }) => {
    const [, path = "", name = ""] = token.split(":");
    const source = sdk(path);
    expect(source).toContain(`declare class ${name} extends pulumi.CustomResource`);
    const args = membersOf(source, `export interface ${name}Args {`, " ".repeat(4));
    expect(wrongFields(name, table.inputs, args)).toEqual([]);
    const properties = membersOf(source, `export declare class ${name} `, " ".repeat(4));
    const unknown = Object.keys(table.outputs).filter((output) => !properties.has(output));
    expect(unknown).toEqual([]);
  });

  test.each(Object.entries(awsKinds))("%s renews by inputs that it has", (_, { table, unique }) => {
    const used = [
      ...Object.values(table.outputs).flatMap(({ renewedBy = [] }) => renewedBy),
      ...(unique?.by ?? []),
    ];
    expect(used.filter((input) => table.inputs[input] === undefined)).toEqual([]);
  });
});
