/** Every document of IAM that the production stack declares, and the deployer's, judged by Parliament. */
import { beforeAll, expect, test } from "@jest/globals";
import { deployerPermissions } from "../../plan/deployerPermissions.ts";
import { iamDocument, type Statement } from "../../plan/iamDocument.ts";
import { frankfurt } from "../support/awsPlace.ts";
import type { Registered } from "../support/engine.ts";
import { type Found, lint } from "../support/parliament.ts";
import { awsValues } from "../support/plans.ts";
import { deployProd } from "../support/programs.ts";

const MINUTE_MS = 60_000;

/** What Parliament finds, and why it is meant to be so: by document, issue and, where it has one, the action. */
const accepted: Readonly<Record<string, string>> = {
  "deployer CREDENTIALS_EXPOSURE":
    "pushing an image needs a password of the registry, for 12 hours",
  "deployer PERMISSIONS_MANAGEMENT_ACTIONS":
    "the stack has roles and policies of its own, which somebody has to make: all by the stack's name or tag",
  "deployer PRIVILEGE_ESCALATION":
    "who makes a node and its role decides what the node may do; docs/production.md says so",
  "deployer RESOURCE_MISMATCH ec2:CreateSecurityGroup":
    "each of its resources is in a statement of its own, with a condition of its own",
  "deployer RESOURCE_MISMATCH ec2:RunInstances": "as ec2:CreateSecurityGroup",
  "deployer RESOURCE_MISMATCH kms:CreateAlias": "as ec2:CreateSecurityGroup",
  "deployer RESOURCE_MISMATCH kms:DeleteAlias": "as ec2:CreateSecurityGroup",
  "deployer RESOURCE_MISMATCH kms:UpdateAlias": "as ec2:CreateSecurityGroup",
  "deployer RESOURCE_MISMATCH ssm:GetParameter":
    "Amazon's own parameters belong to no account, which Parliament does not know",
  "host-key-key MISMATCHED_TYPE":
    "an encryption context is text, and holds an ARN here; AWS's own example compares it so",
  "host-key-key PERMISSIONS_MANAGEMENT_ACTIONS":
    "a key that its account cannot administer can never be changed or deleted",
  "host-key-key RESOURCE_STAR": "in a key's policy * is that key",
  "host-role-policy CREDENTIALS_EXPOSURE":
    "pulling an image needs a password of the registry, for 12 hours",
};

/** All that settings can ask for. */
const everything = {
  turn: { domain: "turn.example.com" },
  aws: {
    ...awsValues.aws,
    vpc: { flowLogs: true },
    zoneId: "Z0123456789ABCDEF",
    dashboard: true,
    alarms: { email: "ops@example.com", monthlyBudgetUsd: 100 },
  },
};

/** The documents among a resource's inputs: those that say who may take a role have no resources to judge. */
const documentsIn = ({ name, inputs: { policy } }: Registered): [string, unknown][] =>
  typeof policy === "string" && policy.includes('"Statement"') ? [[name, JSON.parse(policy)]] : [];

let declared: Readonly<Record<string, unknown>>;
let found: Found;

beforeAll(async () => {
  const { resources } = await deployProd(everything);
  declared = Object.fromEntries(resources.flatMap(documentsIn));
  const deployer = deployerPermissions({
    place: frankfurt,
    stack: "prod",
    vpc: { id: "vpc-0a1b2c3d4e5f60718", subnetIds: ["subnet-0a1b2c3d4e5f60718"] },
    zoneId: "Z0123456789ABCDEF",
  });
  // One person has all three: what they add up to is what counts.
  const statements = Object.values(deployer).flatMap((it) => it.Statement);
  found = await lint({ ...declared, deployer: iamDocument(statements) });
}, 2 * MINUTE_MS);

test("every document of the stack is judged", () => {
  expect(Object.keys(declared).toSorted()).toEqual([
    "host-alarms-topic-policy",
    "host-documents-policy",
    "host-key-key",
    "host-network-flow-logs-policy",
    "host-role-key-policy",
    "host-role-policy",
  ]);
});

test("nothing is found but what is meant to be so", () => {
  const seen = found.flatMap(({ document, issue, about }) =>
    issue === "RESOURCE_MISMATCH"
      ? [...about.matchAll(/'action': '([^']+)'/g)].map(
          ([, action]) => `${document} ${issue} ${action}`,
        )
      : [`${document} ${issue}`],
  );
  expect([...new Set(seen)].toSorted()).toEqual(Object.keys(accepted).toSorted());
});

test.each<[string, string, Partial<Statement>]>([
  [
    "may give itself more",
    "PRIVILEGE_ESCALATION",
    { Action: ["iam:PutUserPolicy"], Resource: ["arn:aws:iam::123456789012:user/me"] },
  ],
  ["has an action that there is not", "UNKNOWN_ACTION", { Action: ["s3:GetObjects"] }],
  ["names a bucket for its objects", "RESOURCE_MISMATCH", { Resource: ["arn:aws:s3:::bucket"] }],
  ["names no resource", "RESOURCE_STAR", { Resource: ["*"] }],
  [
    "asks what AWS does not tell",
    "UNKNOWN_CONDITION_FOR_ACTION",
    { Condition: { StringEquals: { "s3:prefix": "a" } } },
  ],
])(
  "a document that %s would be found",
  async (_case, issue, changed) => {
    const fine: Statement = {
      Sid: "ReadsOneObject",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: ["arn:aws:s3:::bucket/object"],
    };
    expect(await lint({ fine: iamDocument([fine]) })).toEqual([]);
    const issues = (await lint({ bad: iamDocument([{ ...fine, ...changed }]) })).map(
      (it) => it.issue,
    );
    expect(issues).toContain(issue);
  },
  2 * MINUTE_MS,
);
