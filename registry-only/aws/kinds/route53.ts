import { text as textOf } from "../../provider/read.ts";
import type { AwsKind } from "../awsKind.ts";
import { awsTable, count, fixed, flag, found, listOf, required, text, texts } from "../fields.ts";

/** `aws_route53_record` (internal/service/route53/record.go). */
export const record: AwsKind = {
  table: awsTable({
    inputs: {
      zoneId: fixed(required(text)),
      name: fixed(required(text)),
      type: required(text),
      ttl: count,
      records: texts,
      aliases: {
        type: listOf({
          name: required(text),
          zoneId: required(text),
          evaluateTargetHealth: required(flag),
        }),
      },
      allowOverwrite: found(flag),
      healthCheckId: text,
      setIdentifier: text,
    },
    outputs: ["fqdn"],
    global: true,
  }),
  id: ({ inputs }) =>
    `${textOf(inputs, "zoneId")}_${textOf(inputs, "name")}_${textOf(inputs, "type")}`,
  // The zone's own name is not known here, so the record's is taken to be a whole one.
  outputs: ({ inputs }) => ({ fqdn: textOf(inputs, "name") }),
  unique: {
    by: ["zoneId", "name", "type", "setIdentifier"],
    code: "InvalidChangeBatch",
    unless: "allowOverwrite",
  },
};
