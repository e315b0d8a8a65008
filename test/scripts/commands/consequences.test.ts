import { expect, test } from "@jest/globals";
import { consequences, stepCounts } from "../../../scripts/commands/consequences.ts";
import type { PlannedStep } from "../../../scripts/pulumi/plannedSteps.ts";

const step = (
  type: string,
  operation: PlannedStep["operation"],
  ...changed: string[]
): PlannedStep => ({ type, operation, name: "it", changed });
const INSTANCE = "aws:ec2/instance:Instance";
const DOCUMENT = "aws:s3/bucketObjectv2:BucketObjectv2";

test.each<[string, readonly PlannedStep[], readonly RegExp[]]>([
  ["a first deployment", [step(INSTANCE, "create"), step(DOCUMENT, "create")], []],
  ["an alarm", [step("aws:cloudwatch/metricAlarm:MetricAlarm", "update")], []],
  ["tags of the instance", [step(INSTANCE, "update", "tags")], []],
  [
    "another image",
    [step(INSTANCE, "replace", "ami"), step(DOCUMENT, "update", "content")],
    [/^THE INSTANCE IS REPLACED \(ami\): live relays and rooms end/],
  ],
  [
    "another type",
    [step(INSTANCE, "update", "tags", "instanceType")],
    [/^the instance is stopped and started \(instanceType\): live relays and rooms end/],
  ],
  [
    "processors of another kind",
    [step(INSTANCE, "create"), step(INSTANCE, "delete")],
    [/^THE INSTANCE IS REPLACED: /],
  ],
  ["no instance any more", [step(INSTANCE, "delete")], [/^THE INSTANCE GOES/]],
  ["another document", [step(DOCUMENT, "update")], [/^what the node runs changes/]],
  [
    "another address",
    [step(INSTANCE, "replace"), step("aws:ec2/eip:Eip", "replace")],
    [/^THE ADDRESS CHANGES/, /^THE INSTANCE IS REPLACED: /],
  ],
])("%s", (_claim, steps, expected) => {
  const lines = consequences(steps);
  expect(lines).toHaveLength(expected.length);
  for (const [index, pattern] of expected.entries()) expect(lines[index]).toMatch(pattern);
});

test("steps are counted by what is done", () => {
  expect(stepCounts([step("a", "create"), step("b", "replace"), step("c", "create")])).toBe(
    "2 to create, 1 to replace",
  );
});
