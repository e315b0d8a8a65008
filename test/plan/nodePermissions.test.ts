import { describe, expect, test } from "@jest/globals";
import {
  ACTIONS_WITHOUT_RESOURCES,
  nodeKeyPermissions,
  nodePermissions,
  nodeTrust,
} from "../../plan/nodePermissions.ts";
import { KEY_ARN } from "../support/awsCloud.ts";
import { frankfurt } from "../support/awsPlace.ts";

const input = {
  place: frankfurt,
  stack: "prod",
  bucketName: "the-bucket",
  logGroupName: "/turnkey/prod/node",
  metricNamespace: "Turnkey/prod",
  pullsImage: true,
};
const own = nodePermissions(input).Statement;
const withKey = nodeKeyPermissions(input, KEY_ARN).Statement;
const all = [...own, ...withKey];

const at = (service: string, resource: string) =>
  `arn:aws:${service}:eu-central-1:123456789012:${resource}`;

describe("a node", () => {
  test("may do exactly this", () => {
    expect(all.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [["s3:GetObject", "s3:GetObjectVersion"], ["arn:aws:s3:::the-bucket/node/document.json"]],
      [["s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::the-bucket/node/certificate.json"]],
      [["ssm:GetParameter", "ssm:GetParameters"], [at("ssm", "parameter/turnkey/prod/*")]],
      [
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        [at("logs", "log-group:/turnkey/prod/node:log-stream:*")],
      ],
      [["cloudwatch:PutMetricData"], ["*"]],
      [["ecr:GetAuthorizationToken"], ["*"]],
      [
        ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        [at("ecr", "repository/turnkey/prod/api")],
      ],
      [["ssm:UpdateInstanceInformation"], [at("ec2", "instance/*")]],
      [
        [
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
        ],
        ["*"],
      ],
      [["kms:Decrypt"], [KEY_ARN]],
      [["kms:Decrypt", "kms:GenerateDataKey"], [KEY_ARN]],
    ]);
    for (const { Effect, Principal } of all)
      expect([Effect, Principal]).toEqual(["Allow", undefined]);
  });

  test("publishes metrics in its own namespace alone", () => {
    const publishing = own.filter((it) => it.Action.includes("cloudwatch:PutMetricData"));
    expect(publishing.map((it) => it.Condition)).toEqual([
      { StringEquals: { "cloudwatch:namespace": "Turnkey/prod" } },
    ]);
  });

  test("uses the key through Parameter Store for its own secrets, and through S3 for its bucket", () => {
    expect(withKey.map((it) => it.Condition)).toEqual([
      {
        StringEquals: { "kms:ViaService": "ssm.eu-central-1.amazonaws.com" },
        StringLike: {
          "kms:EncryptionContext:PARAMETER_ARN":
            "arn:aws:ssm:eu-central-1:123456789012:parameter/turnkey/prod/*",
        },
      },
      {
        StringEquals: {
          "kms:ViaService": "s3.eu-central-1.amazonaws.com",
          "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::the-bucket",
        },
      },
    ]);
  });

  test("pulls nothing where the API's image is a given one", () => {
    const pulling = { ...input, pullsImage: false };
    expect(JSON.stringify(nodePermissions(pulling))).not.toContain("ecr:");
  });

  test("is taken for by EC2 alone", () => {
    expect(nodeTrust.Statement.map((it) => it.Principal)).toEqual([
      { Service: "ec2.amazonaws.com" },
    ]);
  });
});

test("* stands for the resource of the listed actions, of every one of them, and of no other", () => {
  const anywhere = all.filter((it) => it.Resource?.includes("*")).flatMap((it) => it.Action);
  expect(anywhere.toSorted()).toEqual(Object.keys(ACTIONS_WITHOUT_RESOURCES).toSorted());
});

test("no action is a pattern, and none hands on rights", () => {
  for (const action of all.flatMap((it) => it.Action)) {
    expect(action).not.toContain("*");
    expect(action).not.toMatch(/^(iam|sts):/);
  }
});
