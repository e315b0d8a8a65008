import { expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { NodeRole } from "../../../components/aws/nodeRole.ts";
import { nodeKeyPermissions, nodePermissions } from "../../../plan/nodePermissions.ts";
import { awsCloud, KEY_ARN } from "../../support/awsCloud.ts";
import { frankfurt, prod } from "../../support/awsPlace.ts";
import { deploy, valueOf } from "../../support/engine.ts";

const NAME = "turnkey-prod-eu-central-1-node";
const input = {
  place: frankfurt,
  stack: "prod",
  bucketName: "the-bucket",
  logGroupName: "/turnkey/prod/node",
  metricNamespace: "Turnkey/prod",
  pullsImage: true,
};

const deployRole = () =>
  deploy(() => new NodeRole("node", { ...prod, ...input, keyArn: pulumi.output(KEY_ARN) }), {
    cloud: awsCloud,
  });

test("EC2 alone takes the role, and an instance by a profile of the same name", async () => {
  const { result, ofType } = await deployRole();
  const tags = { "turnkey:stack": "prod", team: "calls", Name: NAME };
  const [role] = ofType("aws:iam/role:Role");
  expect(role?.inputs).toEqual({
    name: NAME,
    description: "The node of Turnkey stack prod",
    assumeRolePolicy: expect.any(String),
    tags,
  });
  expect(JSON.parse(String(role?.inputs["assumeRolePolicy"]))).toMatchObject({
    Statement: [{ Principal: { Service: "ec2.amazonaws.com" }, Action: ["sts:AssumeRole"] }],
  });
  expect(ofType("aws:iam/instanceProfile:InstanceProfile").map((it) => it.inputs)).toEqual([
    { name: NAME, role: NAME, tags },
  ]);
  expect(await valueOf(result.instanceProfileName)).toBe(NAME);
});

test("it has two policies of its own and no others: only the second hangs on the key", async () => {
  const { ofType, resources } = await deployRole();
  const policies = ofType("aws:iam/rolePolicy:RolePolicy");
  expect(policies.map((it) => it.inputs)).toEqual([
    { name: "own-things", role: NAME, policy: JSON.stringify(nodePermissions(input)) },
    { name: "own-key", role: NAME, policy: JSON.stringify(nodeKeyPermissions(input, KEY_ARN)) },
  ]);
  expect(resources.map((it) => it.type).filter((it) => it.startsWith("aws:iam/"))).toHaveLength(4);
});

test("the node may boot once role, policies and profile are there", async () => {
  const { result } = await deployRole();
  expect(await valueOf(result.ready)).toEqual([
    "node-policy-id",
    "node-key-policy-id",
    "node-profile-id",
  ]);
});
