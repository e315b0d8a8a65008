import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  alarmDescription,
  type AlarmMetric,
  type AlarmRow,
  alarmTable,
  type AlarmThresholds,
} from "../../plan/alarmTable.ts";

export interface AlarmsArgs extends AlarmThresholds {
  readonly stack: string;
  /** Of the node's own metrics (plan/nodeMetrics.ts). */
  readonly namespace: string;
  readonly instanceId: pulumi.Input<string>;
  /** What has to be there before anything may ring: until the node publishes, missing data are alarms. */
  readonly after: pulumi.Resource;
  /** The account, the only one whose alarms and budgets may publish. */
  readonly accountId: pulumi.Input<string>;
  /**
   * The customer key; its policy lets cloudwatch.amazonaws.com and budgets.amazonaws.com use it
   * (kms:Decrypt, kms:GenerateDataKey*): without that, alarms ring and no message arrives.
   */
  readonly keyArn: pulumi.Input<string>;
  /** Gets the messages once its owner has confirmed to AWS. Default: nobody, the topic alone. */
  readonly email?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** The alarms of a node, and the topic that tells of them and of their end. */
export class Alarms extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;
  readonly alarmArns: pulumi.Output<string>[];

  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("turnkey:aws:Alarms", name, {}, opts);
    const { stack, accountId, keyArn, email, tags } = args;
    const title = resourceName(stack);
    const topic = new aws.sns.Topic(
      `${name}-topic`,
      { name: title, kmsMasterKeyId: keyArn, tags: { ...tags, Name: title } },
      { parent: this },
    );
    const policy = new aws.sns.TopicPolicy(
      `${name}-topic-policy`,
      { arn: topic.arn, policy: topicPolicy(topic.arn, accountId) },
      { parent: this },
    );
    if (email !== undefined)
      new aws.sns.TopicSubscription(
        `${name}-email`,
        { topic: topic.arn, protocol: "email", endpoint: email },
        { parent: this },
      );
    const alarms = alarmTable(args).map(
      (row) =>
        new aws.cloudwatch.MetricAlarm(`${name}-${row.role}`, alarm(row, args, topic.arn), {
          parent: this,
          // An alarm may ring the moment it is there.
          dependsOn: [policy, args.after],
        }),
    );
    this.topicArn = topic.arn;
    this.alarmArns = alarms.map(({ arn }) => arn);
    this.registerOutputs({ topicArn: this.topicArn });
  }
}

/** SNS takes no dots, which a stack's name may have. */
const resourceName = (stack: string) => `turnkey-${stack.replaceAll(".", "-")}`;

/** Nobody but the account's alarms and budgets publishes, and nobody without TLS. */
const topicPolicy = (topicArn: pulumi.Input<string>, accountId: pulumi.Input<string>) =>
  pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AlarmsAndBudgets",
        Effect: "Allow",
        Principal: { Service: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] },
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
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

function alarm(
  row: AlarmRow,
  args: AlarmsArgs,
  topicArn: pulumi.Input<string>,
): aws.cloudwatch.MetricAlarmArgs {
  const title = `turnkey-${args.stack}-${row.role}`;
  return {
    name: title,
    alarmDescription: alarmDescription(row),
    ...metricOf(row.metric, args),
    statistic: row.statistic,
    period: row.periodSeconds,
    evaluationPeriods: row.periods,
    datapointsToAlarm: row.periods,
    comparisonOperator: row.comparison,
    threshold: row.threshold,
    treatMissingData: row.missing,
    alarmActions: [topicArn],
    okActions: [topicArn],
    tags: { ...args.tags, Name: title },
  };
}

/** Where CloudWatch has it: the node's own metrics have no dimensions. */
function metricOf(
  { from, name }: AlarmMetric,
  { namespace, instanceId }: AlarmsArgs,
): Pick<aws.cloudwatch.MetricAlarmArgs, "namespace" | "metricName" | "dimensions"> {
  if (from === "node") return { namespace, metricName: name };
  return { namespace: "AWS/EC2", metricName: name, dimensions: { InstanceId: instanceId } };
}
