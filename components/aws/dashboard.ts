import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { globalName } from "../../plan/awsPlace.ts";
import { dashboardBody } from "../../plan/dashboardBody.ts";

export interface DashboardArgs {
  readonly stack: string;
  readonly region: string;
  /** Of the node's own metrics (plan/nodeMetrics.ts). */
  readonly namespace: string;
  readonly instanceId: pulumi.Input<string>;
  readonly alarmArns: readonly pulumi.Input<string>[];
  readonly logGroupName: pulumi.Input<string>;
}

/** One page of CloudWatch with the node's alarms, numbers and warnings. */
export class Dashboard extends pulumi.ComponentResource {
  constructor(name: string, args: DashboardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("turnkey:aws:Dashboard", name, {}, opts);
    const { stack, region, namespace, instanceId, alarmArns, logGroupName } = args;
    new aws.cloudwatch.Dashboard(
      `${name}-page`,
      {
        // CloudWatch takes no dots here, which a stack's name may have.
        dashboardName: globalName(stack, args).replaceAll(".", "-"),
        dashboardBody: pulumi
          .output({ instanceId, alarmArns: [...alarmArns], logGroupName })
          .apply((late) => JSON.stringify(dashboardBody({ region, namespace, ...late }))),
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
