import { expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { Alarms, type AlarmsArgs } from "../../../components/aws/alarms.ts";
import { alarmDescription, alarmTable } from "../../../plan/alarmTable.ts";
import { deploy, valueOf } from "../../support/engine.ts";

const TOPIC = "aws:sns/topic:Topic";
const POLICY = "aws:sns/topicPolicy:TopicPolicy";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

const thresholds = { networkOutGbPerMonth: 500, certificateDays: 21 };
const topicArn = "arn:alarms-topic";
const arn = ({ name }: { readonly name: string }) => ({ arn: `arn:${name}` });

const deployed = (changed: Partial<AlarmsArgs> = {}) =>
  deploy(
    () =>
      new Alarms("alarms", {
        stack: "prod.eu",
        namespace: "Turnkey/prod.eu",
        instanceId: pulumi.output("i-1"),
        after: new Standing("node"),
        accountId: "123456789012",
        keyArn: "arn:aws:kms:::key/1",
        tags: { "turnkey:stack": "prod.eu" },
        ...thresholds,
        ...changed,
      }),
    { cloud: { outputs: { [TOPIC]: arn, [ALARM]: arn } } },
  );

/** Something that has to be there first. */
class Standing extends pulumi.CustomResource {
  constructor(name: string) {
    super("aws:ec2/eipAssociation:EipAssociation", name);
  }
}

const title = (role: string) => `turnkey-prod.eu-${role}`;

/** Inputs of the alarms by their names: those that wait for the instance are registered after the others. */
const alarmsOf = ({ ofType }: Awaited<ReturnType<typeof deployed>>) =>
  Object.fromEntries(ofType(ALARM).map(({ inputs }) => [String(inputs["name"]), inputs]));

test("every row of the table is an alarm that tells the topic of its start and its end", async () => {
  const rows = alarmTable(thresholds).map((row) => [
    title(row.role),
    expect.objectContaining({
      alarmDescription: alarmDescription(row),
      metricName: row.metric.name,
      statistic: row.statistic,
      period: row.periodSeconds,
      evaluationPeriods: row.periods,
      datapointsToAlarm: row.periods,
      comparisonOperator: row.comparison,
      threshold: row.threshold,
      treatMissingData: row.missing,
      alarmActions: [topicArn],
      okActions: [topicArn],
      tags: { "turnkey:stack": "prod.eu", Name: title(row.role) },
    }),
  ]);
  expect(alarmsOf(await deployed())).toEqual(Object.fromEntries(rows));
});

test.each(alarmTable(thresholds))("$role looks where its metric is", async ({ role, metric }) => {
  const inputs = alarmsOf(await deployed())[title(role)];
  const places = {
    // Published without dimensions.
    node: ["Turnkey/prod.eu", undefined],
    ec2: ["AWS/EC2", { InstanceId: "i-1" }],
  };
  expect([inputs?.["namespace"], inputs?.["dimensions"]]).toEqual(places[metric.from]);
});

test("everything is the component's, and no alarm comes before it may publish, and is to ring", async () => {
  const { resources, ofType } = await deployed({ email: "ops@example.com" });
  const children = resources.filter((it) => !["alarms", "node"].includes(it.name));
  const parents = children.map((it) => it.options.parent);
  expect(new Set(parents)).toEqual(new Set(["alarms"]));
  for (const { options } of ofType(ALARM))
    expect(options.dependencies).toEqual(expect.arrayContaining(["alarms-topic-policy", "node"]));
});

test("the topic is encrypted, and named as SNS allows", async () => {
  const { ofType } = await deployed();
  expect(ofType(TOPIC).map((it) => it.inputs)).toEqual([
    {
      name: "turnkey-prod-eu",
      kmsMasterKeyId: "arn:aws:kms:::key/1",
      tags: { "turnkey:stack": "prod.eu", Name: "turnkey-prod-eu" },
    },
  ]);
});

test("only alarms and budgets of the account publish, and only over TLS", async () => {
  const { ofType } = await deployed();
  const [inputs] = ofType(POLICY).map((it) => it.inputs);
  expect(inputs?.["arn"]).toBe(topicArn);
  expect(JSON.parse(String(inputs?.["policy"]))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AlarmsAndBudgets",
        Effect: "Allow",
        Principal: { Service: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] },
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
});

test.each([
  [undefined, []],
  ["ops@example.com", [{ topic: topicArn, protocol: "email", endpoint: "ops@example.com" }]],
])("with the address %s", async (email, subscriptions) => {
  const { ofType } = await deployed({ email });
  expect(ofType(SUBSCRIPTION).map((it) => it.inputs)).toEqual(subscriptions);
});

test("tells the topic's ARN and those of the alarms", async () => {
  const { result } = await deployed();
  expect(await valueOf(result.topicArn)).toBe(topicArn);
  expect(await valueOf(pulumi.all(result.alarmArns))).toEqual(
    alarmTable(thresholds).map((row) => `arn:alarms-${row.role}`),
  );
});
