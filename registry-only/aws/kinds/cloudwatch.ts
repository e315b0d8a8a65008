import { text as textOf } from "../../provider/read.ts";
import type { AwsKind } from "../awsKind.ts";
import {
  autonamed,
  awsTable,
  count,
  fixed,
  flag,
  found,
  required,
  setOf,
  text,
  texts,
  textMap,
  withDefault,
} from "../fields.ts";
import { globalArn, regionalArn } from "../place.ts";

/** `aws_cloudwatch_log_group` (internal/service/logs/group.go). */
export const logGroup: AwsKind = {
  table: awsTable({
    inputs: {
      name: autonamed(512),
      retentionInDays: withDefault(count, 0),
      kmsKeyId: text,
      logGroupClass: fixed(found(text)),
      deletionProtectionEnabled: found(flag),
    },
    outputs: ["arn"],
    tagged: true,
  }),
  id: ({ inputs }) => textOf(inputs, "name"),
  outputs: ({ inputs, place }, id) => ({
    arn: regionalArn(place, "logs", `log-group:${id}`),
    logGroupClass: inputs["logGroupClass"] ?? "STANDARD",
  }),
  kept: (state) =>
    state["deletionProtectionEnabled"] === true
      ? "ValidationException: deletionProtectionEnabled is true; set it to false"
      : undefined,
  unique: { by: ["name"], code: "ResourceAlreadyExistsException" },
};

/** `aws_cloudwatch_log_metric_filter` (internal/service/logs/metric_filter.go): one of the same name is written over. */
export const logMetricFilter: AwsKind = {
  table: awsTable({
    inputs: {
      name: autonamed(512),
      logGroupName: fixed(required(text)),
      pattern: required(text),
      applyOnTransformedLogs: found(flag),
      metricTransformation: required({
        type: {
          object: {
            name: required(text),
            namespace: required(text),
            value: required(text),
            defaultValue: text,
            dimensions: textMap,
            unit: withDefault(text, "None"),
          },
        },
      }),
    },
  }),
  id: ({ inputs }) => textOf(inputs, "name"),
};

const metric = {
  metricName: required(text),
  namespace: text,
  dimensions: textMap,
  period: required(count),
  stat: required(text),
  unit: text,
};

/** `aws_cloudwatch_metric_alarm` (internal/service/cloudwatch/metric_alarm.go). */
export const metricAlarm: AwsKind = {
  table: awsTable({
    inputs: {
      name: autonamed(255),
      alarmDescription: text,
      comparisonOperator: text,
      evaluationPeriods: count,
      datapointsToAlarm: count,
      metricName: text,
      namespace: text,
      dimensions: textMap,
      period: count,
      statistic: text,
      extendedStatistic: text,
      unit: text,
      threshold: { type: "number" },
      thresholdMetricId: text,
      treatMissingData: withDefault(text, "missing"),
      evaluateLowSampleCountPercentiles: found(text),
      actionsEnabled: withDefault(flag, true),
      alarmActions: texts,
      okActions: texts,
      insufficientDataActions: texts,
      metricQueries: {
        type: setOf({
          id: required(text),
          accountId: text,
          expression: text,
          label: text,
          metric: { type: { object: metric } },
          period: count,
          returnData: withDefault(flag, false),
        }),
      },
    },
    outputs: ["arn"],
    tagged: true,
  }),
  id: ({ inputs }) => textOf(inputs, "name"),
  outputs: ({ place }, id) => ({ arn: regionalArn(place, "cloudwatch", `alarm:${id}`) }),
  unique: { by: ["name"], code: "AlarmAlreadyExists" },
};

/** `aws_cloudwatch_dashboard` (internal/service/cloudwatch/dashboard.go): one of the same name is written over. */
export const dashboard: AwsKind = {
  table: awsTable({
    inputs: { dashboardName: fixed(required(text)), dashboardBody: required(text) },
    outputs: ["dashboardArn"],
  }),
  id: ({ inputs }) => textOf(inputs, "dashboardName"),
  outputs: ({ place }, id) => ({ dashboardArn: globalArn(place, "cloudwatch", `dashboard/${id}`) }),
};
