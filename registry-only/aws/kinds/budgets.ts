import { text as textOf } from "../../provider/read.ts";
import type { AwsKind } from "../awsKind.ts";
import {
  autonamed,
  awsTable,
  fixed,
  flag,
  found,
  listOf,
  required,
  setOf,
  text,
  texts,
  withDefault,
} from "../fields.ts";
import { globalArn } from "../place.ts";

const included = withDefault(flag, true);
const excluded = withDefault(flag, false);

/** `aws_budgets_budget` (internal/service/budgets/budget.go). */
export const budget: AwsKind = {
  table: awsTable({
    inputs: {
      name: autonamed(100),
      accountId: fixed(found(text)),
      budgetType: required(text),
      limitAmount: found(text),
      limitUnit: found(text),
      timeUnit: required(text),
      timePeriodStart: found(text),
      timePeriodEnd: withDefault(text, "2087-06-15_00:00"),
      costFilters: found({
        type: setOf({ name: required(text), values: required({ type: { list: "string" } }) }),
      }),
      costTypes: found({
        type: {
          object: {
            includeCredit: included,
            includeDiscount: included,
            includeOtherSubscription: included,
            includeRecurring: included,
            includeRefund: included,
            includeSubscription: included,
            includeSupport: included,
            includeTax: included,
            includeUpfront: included,
            useAmortized: excluded,
            useBlended: excluded,
          },
        },
      }),
      notifications: {
        type: setOf({
          comparisonOperator: required(text),
          notificationType: required(text),
          threshold: required({ type: "number" }),
          thresholdType: required(text),
          subscriberEmailAddresses: texts,
          subscriberSnsTopicArns: texts,
        }),
      },
      plannedLimits: {
        type: listOf({ startTime: required(text), amount: required(text), unit: required(text) }),
      },
    },
    outputs: ["arn"],
    global: true,
    tagged: true,
  }),
  id: ({ inputs, place }) => `${place.account}:${textOf(inputs, "name")}`,
  outputs: ({ inputs, place, now }) => ({
    accountId: inputs["accountId"] ?? place.account,
    arn: globalArn(place, "budgets", `budget/${textOf(inputs, "name")}`),
    timePeriodStart: inputs["timePeriodStart"] ?? `${now.toISOString().slice(0, 7)}-01_00:00`,
  }),
  unique: { by: ["name"], code: "DuplicateRecordException" },
};
