import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arnIn, type AwsPlace, flowLogsRoleName, logGroupPrefix } from "../../plan/awsPlace.ts";

export interface FlowLogsArgs extends AwsPlace {
  readonly stack: string;
  readonly vpcId: pulumi.Input<string>;
  readonly logRetentionDays: number;
  /** The customer key; its policy lets CloudWatch Logs of the region use it. */
  readonly logKeyArn: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Who spoke with whom in a VPC, accepted or rejected, every ten minutes, in an encrypted log group of its own. */
export class FlowLogs extends pulumi.ComponentResource {
  constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("turnkey:aws:FlowLogs", name, {}, opts);
    const { stack, vpcId, logRetentionDays, logKeyArn, tags } = args;
    const groupName = `${logGroupPrefix(stack)}flow-logs`;
    const group = new aws.cloudwatch.LogGroup(
      `${name}-group`,
      {
        name: groupName,
        retentionInDays: logRetentionDays,
        kmsKeyId: logKeyArn,
        tags: { ...tags, Name: groupName },
      },
      { parent: this },
    );
    const roleName = flowLogsRoleName(stack, args);
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: roleName,
        description: "Writes the flow logs of the stack's VPC",
        assumeRolePolicy: trust(args),
        tags: { ...tags, Name: roleName },
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      { name: "write-flow-logs", role: role.name, policy: permissions(args, groupName) },
      { parent: this },
    );
    new aws.ec2.FlowLog(
      `${name}-log`,
      {
        vpcId,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: group.arn,
        iamRoleArn: role.arn,
        tags: { ...tags, Name: name },
      },
      { parent: this, dependsOn: [policy] },
    );
    this.registerOutputs({});
  }
}

/** Only for flow logs of this account: another's could not be made to use the role. */
const trust = ({ accountId }: FlowLogsArgs) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "vpc-flow-logs.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
      },
    ],
  });

/** The group's ARN is spelt out, so that a policy can judge it before there is a group. */
const permissions = (place: AwsPlace, groupName: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        Resource: arnIn(place, "logs", `log-group:${groupName}:*`),
      },
    ],
  });
