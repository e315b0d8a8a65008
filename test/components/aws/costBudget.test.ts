import { expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { CostBudget } from "../../../components/aws/costBudget.ts";
import { deploy } from "../../support/engine.ts";

const BUDGET = "aws:budgets/budget:Budget";

/** Something that has to be there first. */
class Standing extends pulumi.CustomResource {
  constructor(name: string) {
    super("aws:sns/topicPolicy:TopicPolicy", name);
  }
}

const notification = (notificationType: string, threshold: number) => ({
  notificationType,
  threshold,
  thresholdType: "PERCENTAGE",
  comparisonOperator: "GREATER_THAN",
  subscriberSnsTopicArns: ["arn:topic"],
});

test("counts what has the stack's tag, and tells before the sum is spent and when it is", async () => {
  const { ofType } = await deploy(
    () =>
      new CostBudget("budget", {
        stack: "prod",
        region: "eu-central-1",
        monthlyUsd: 250,
        topicArn: pulumi.output("arn:topic"),
        after: new Standing("topic-policy"),
        tags: { "turnkey:stack": "prod" },
      }),
  );
  expect(ofType(BUDGET)).toEqual([
    {
      type: BUDGET,
      name: "budget-budget",
      inputs: {
        name: "turnkey-prod-eu-central-1",
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: "250",
        limitUnit: "USD",
        costFilters: [{ name: "TagKeyValue", values: ["user:turnkey:stack$prod"] }],
        notifications: [notification("FORECASTED", 80), notification("ACTUAL", 100)],
        tags: { "turnkey:stack": "prod", Name: "turnkey-prod-eu-central-1" },
      },
      options: expect.objectContaining({ parent: "budget", dependencies: ["topic-policy"] }),
    },
  ]);
});
