import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { logGroupPrefix } from "../../plan/awsPlace.ts";

export interface NodeLogsArgs {
  readonly stack: string;
  /** Days that log lines are kept: a number that CloudWatch knows (PutRetentionPolicy). */
  readonly retentionDays: number;
  /** The customer key; its policy lets CloudWatch Logs of the region use it. */
  readonly keyArn: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, string>>;
}

/** The log group of a stack's node: the node writes exactly there. */
export const nodeLogGroupName = (stack: string): string => `${logGroupPrefix(stack)}node`;

/** Where the services of a node log to: one encrypted group with an end to what it keeps. */
export class NodeLogs extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;

  constructor(name: string, args: NodeLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("turnkey:aws:NodeLogs", name, {}, opts);
    const { stack, retentionDays, keyArn, tags } = args;
    const groupName = nodeLogGroupName(stack);
    const group = new aws.cloudwatch.LogGroup(
      `${name}-group`,
      {
        name: groupName,
        retentionInDays: retentionDays,
        kmsKeyId: keyArn,
        tags: { ...tags, Name: groupName },
      },
      { parent: this },
    );
    this.arn = group.arn;
    this.logGroupName = group.name;
    this.registerOutputs({ arn: this.arn, logGroupName: this.logGroupName });
  }
}
