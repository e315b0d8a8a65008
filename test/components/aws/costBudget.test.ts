import { expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { CostBudget } from "../../../components/aws/costBudget.ts";
import { deploy } from "../../support/engine.ts";

const BUDGET = "aws:budgets/budget:Budget";

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
        monthlyUsd: 250,
        topicArn: pulumi.output("arn:topic"),
        tags: { "turnkey:stack": "prod" },
      }),
  );
  expect(ofType(BUDGET)).toEqual([
    {
      type: BUDGET,
      name: "budget-budget",
      inputs: {
        name: "turnkey-prod",
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: "250",
        limitUnit: "USD",
        costFilters: [{ name: "TagKeyValue", values: ["user:turnkey:stack$prod"] }],
        notifications: [notification("FORECASTED", 80), notification("ACTUAL", 100)],
        tags: { "turnkey:stack": "prod", Name: "turnkey-prod" },
      },
      options: expect.objectContaining({ parent: "budget" }),
    },
  ]);
});
