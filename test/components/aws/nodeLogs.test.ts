import { expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { NodeLogs } from "../../../components/aws/nodeLogs.ts";
import { deploy, valueOf } from "../../support/engine.ts";

const GROUP = "aws:cloudwatch/logGroup:LogGroup";

const deployed = () =>
  deploy(
    () =>
      new NodeLogs("logs", {
        stack: "prod",
        retentionDays: 14,
        keyArn: pulumi.output("arn:aws:kms:::key/1"),
        tags: { "turnkey:stack": "prod" },
      }),
    { cloud: { outputs: { [GROUP]: ({ name }) => ({ arn: `arn:${name}` }) } } },
  );

test("one group, encrypted, that forgets", async () => {
  const { resources, ofType } = await deployed();
  expect(ofType(GROUP)).toEqual([
    {
      type: GROUP,
      name: "logs-group",
      inputs: {
        name: "/turnkey/prod/node",
        retentionInDays: 14,
        kmsKeyId: "arn:aws:kms:::key/1",
        tags: { "turnkey:stack": "prod", Name: "/turnkey/prod/node" },
      },
      options: expect.objectContaining({ parent: "logs" }),
    },
  ]);
  expect(resources.map((it) => it.type)).toEqual(["turnkey:aws:NodeLogs", GROUP]);
});

test("tells the group", async () => {
  const { result } = await deployed();
  expect(await valueOf(result.arn)).toBe("arn:logs-group");
  expect(await valueOf(result.logGroupName)).toBe("/turnkey/prod/node");
});
