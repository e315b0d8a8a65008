import { describe, expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deployerActions, everywhere } from "../../plan/deployerActions.ts";
import { deployerPermissions } from "../../plan/deployerPermissions.ts";
import { EC2_CREATES, scopes } from "../../plan/deployerScopes.ts";
import type { Statement } from "../../plan/iamDocument.ts";
import { frankfurt } from "../support/awsPlace.ts";

const vpc = { id: "vpc-0a1b2c3d4e5f60718", subnetIds: ["subnet-0a1b2c3d4e5f60718"] };
const input = { place: frankfurt, stack: "prod", vpc, zoneId: "Z0123456789ABCDEF" };
const documents = deployerPermissions(input);
const statements = Object.values(documents).flatMap((it) => it.Statement);
const sid = (it: Pick<Statement, "Sid">) => it.Sid;

/** Type tokens of what the components declare: `aws.ec2.Vpc` is `aws:ec2/vpc:Vpc`. */
function declaredKinds(): string[] {
  const folder = join(import.meta.dirname, "..", "..", "components", "aws");
  const sources = readdirSync(folder).map((it) => readFileSync(join(folder, it), "utf8"));
  const all = sources.flatMap((it) => [...it.matchAll(/new (aws|docker)\.(?:(\w+)\.)?(\w+)\(/g)]);
  const tokens = all.map(([, provider, service = "index", kind = ""]) => {
    const file = kind.charAt(0).toLowerCase() + kind.slice(1);
    return `${provider}:${service}/${file}:${kind}`;
  });
  return [...new Set(tokens)].toSorted();
}

test("there are permissions for every kind that is declared, and for no other", () => {
  expect(Object.keys(deployerActions).toSorted()).toEqual(declaredKinds());
});

test("every action of every kind is in a document once for each thing that it is about", () => {
  const wanted = [everywhere, ...Object.values(deployerActions)].flatMap((actions) =>
    Object.entries(actions).flatMap(([scope, names]) =>
      names.map((it) => `${scope} ${it}`.toLowerCase()),
    ),
  );
  const given = statements.flatMap((it) =>
    it.Action.map((action) => `${it.Sid} ${action}`.toLowerCase()),
  );
  expect(given.toSorted()).toEqual([...new Set(wanted)].toSorted());
  expect(new Set(statements.map(sid)).size).toBe(Object.keys(scopes).length);
});

describe("the documents", () => {
  test.each(Object.entries(documents))("%s fits a managed policy", (_name, document) => {
    expect(JSON.stringify(document).length).toBeLessThanOrEqual(6144);
  });

  test("name every action in full", () => {
    for (const it of statements.flatMap(({ Action }) => Action)) expect(it).toMatch(/^\w+:\w+$/);
  });

  test("are about everything only where AWS lets nothing be named, and then in the region alone", () => {
    const everything = statements.filter((it) => it.Resource?.includes("*"));
    expect(everything.map(sid)).toEqual(["Region", "NewKey"]);
    for (const { Condition } of everything)
      expect(Condition?.["StringEquals"]).toMatchObject({ "aws:RequestedRegion": "eu-central-1" });
  });

  test("are otherwise about the stack by name or tag, the account's image parts, and what is given", () => {
    const others = statements.filter((it) => !JSON.stringify(it).includes("prod"));
    expect(others.map(sid)).toEqual([
      "Region",
      "PartsOfInstance",
      "AmazonImages",
      "GivenVpc",
      "AmazonParameters",
      "Zone",
      "ZoneRecords",
      "ZoneChanges",
    ]);
  });

  test("say nothing of a zone and a VPC that are not there", () => {
    const bare = deployerPermissions({ place: frankfurt, stack: "prod" });
    const left = new Set(Object.values(bare).flatMap((it) => it.Statement.map(sid)));
    expect(statements.map(sid).filter((it) => !left.has(it))).toEqual([
      "GivenVpc",
      "Zone",
      "ZoneRecords",
      "ZoneChanges",
    ]);
  });
});

const conditionOf = (name: string) => statements.find((it) => it.Sid === name)?.Condition;

test("EC2's things are made with the stack's tag, and changed only where they have it", () => {
  expect(conditionOf("NewEc2")).toEqual({
    StringEquals: { "aws:RequestTag/turnkey:stack": "prod" },
  });
  expect(conditionOf("OwnEc2")).toEqual({
    StringEquals: { "aws:ResourceTag/turnkey:stack": "prod" },
  });
});

test("nothing that has another stack's tag can be given this one's", () => {
  const tagging = statements.filter((it) => it.Action.includes("ec2:CreateTags"));
  expect(tagging.map(({ Sid, Condition }) => [Sid, Condition])).toEqual([
    [
      "TagsOfNewEc2",
      {
        StringEquals: {
          "aws:RequestTag/turnkey:stack": "prod",
          "ec2:CreateAction": EC2_CREATES,
        },
      },
    ],
    ["OwnEc2", { StringEquals: { "aws:ResourceTag/turnkey:stack": "prod" } }],
    [
      "UntaggedEc2",
      {
        StringEquals: { "aws:RequestTag/turnkey:stack": "prod" },
        Null: { "aws:ResourceTag/turnkey:stack": "true" },
      },
    ],
  ]);
});

test("no key of another stack can be made this one's, to be opened or destroyed", () => {
  const tagging = statements.filter((it) => it.Action.includes("kms:TagResource"));
  expect(tagging.map(({ Sid, Condition }) => [Sid, Condition])).toEqual([
    [
      "UntaggedKey",
      {
        StringEquals: { "aws:RequestTag/turnkey:stack": "prod" },
        Null: { "aws:ResourceTag/turnkey:stack": "true" },
      },
    ],
    ["OwnKey", { StringEquals: { "aws:ResourceTag/turnkey:stack": "prod" } }],
  ]);
});

test("tags go with the calls that make things, and with all of them", () => {
  const making = statements.find((it) => it.Sid === "NewEc2")?.Action;
  expect(making).toEqual(EC2_CREATES.map((it) => `ec2:${it}`));
});

/** What the statements of this stack's deployer name outside of regions, and topics, as patterns of IAM. */
const named = statements
  .flatMap((it) => it.Resource ?? [])
  .filter((it) => /:(iam|budgets|cloudwatch)::|:sns:/.test(it));

const covers = (pattern: string, arn: string) =>
  new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(arn);

test.each([
  ["prod-eu", frankfurt],
  ["prod", { ...frankfurt, region: "eu-west-1" }],
])("roles, budgets, dashboards and topics of stack %s in %j are not this one's", (stack, place) => {
  const others = Object.values(deployerPermissions({ place, stack }))
    .flatMap((it) => it.Statement.flatMap(({ Resource = [] }) => Resource))
    .filter((it) => /:(iam|budgets|cloudwatch)::|:sns:/.test(it));
  expect(others).toHaveLength(named.length);
  for (const pattern of named)
    for (const arn of others)
      expect([pattern, arn, covers(pattern, arn)]).toEqual([pattern, arn, false]);
});

test("roles are handed to EC2 and its flow logs alone", () => {
  const passing = statements.filter((it) => it.Action.includes("iam:PassRole"));
  expect(passing).toEqual([
    {
      Sid: "PassedRoles",
      Effect: "Allow",
      Action: ["iam:PassRole"],
      Resource: ["node", "flow-logs"].map(
        (it) => `arn:aws:iam::123456789012:role/turnkey-prod-eu-central-1-${it}`,
      ),
      Condition: {
        StringEquals: {
          "iam:PassedToService": ["ec2.amazonaws.com", "vpc-flow-logs.amazonaws.com"],
        },
      },
    },
  ]);
});
