import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { globalName } from "../../plan/awsPlace.ts";

export interface CostBudgetArgs {
  readonly stack: string;
  readonly region: string;
  /** US dollars that the stack may cost in a month. */
  readonly monthlyUsd: number;
  /** Told at 80 % forecast and 100 % spent; its policy lets budgets.amazonaws.com publish. */
  readonly topicArn: pulumi.Input<string>;
  /** What lets it publish there: AWS Budgets takes no other topic. */
  readonly after: pulumi.Resource;
  readonly tags: Readonly<Record<string, string>>;
}

/** The tag by which costs are counted: AWS sees it in bills from the day that it is activated as a cost allocation tag. */
export const COST_TAG = "turnkey:stack";

/** A budget over everything that carries the stack's tag; it tells, and stops nothing. */
export class CostBudget extends pulumi.ComponentResource {
  constructor(name: string, args: CostBudgetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("turnkey:aws:CostBudget", name, {}, opts);
    const { stack, monthlyUsd, topicArn, tags } = args;
    const title = globalName(stack, args);
    const percent = (notificationType: "FORECASTED" | "ACTUAL", threshold: number) => ({
      notificationType,
      threshold,
      thresholdType: "PERCENTAGE",
      comparisonOperator: "GREATER_THAN",
      subscriberSnsTopicArns: [topicArn],
    });
    new aws.budgets.Budget(
      `${name}-budget`,
      {
        name: title,
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: `${monthlyUsd}`,
        limitUnit: "USD",
        costFilters: [{ name: "TagKeyValue", values: [`user:${COST_TAG}$${stack}`] }],
        notifications: [percent("FORECASTED", 80), percent("ACTUAL", 100)],
        tags: { ...tags, Name: title },
      },
      { parent: this, dependsOn: [args.after] },
    );
    this.registerOutputs({});
  }
}
