import { expect, test } from "@jest/globals";
import { creationOf } from "../../../scripts/pulumi/cloudCreations.ts";

test.each([
  ["aws:s3/bucket:Bucket", { bucket: "turnkey-prod-1" }, { kind: "import", id: "turnkey-prod-1" }],
  [
    "aws:ssm/parameter:Parameter",
    { name: "/turnkey/prod/a" },
    { kind: "import", id: "/turnkey/prod/a" },
  ],
  ["aws:iam/role:Role", { name: "host-node-1a2b3c4" }, { kind: "import", id: "host-node-1a2b3c4" }],
  ["aws:iam/role:Role", {}, { kind: "unknown" }],
  ["aws:iam/role:Role", { name: "" }, { kind: "unknown" }],
  ["aws:s3/bucketPolicy:BucketPolicy", { bucket: "b" }, { kind: "again" }],
  ["aws:cloudwatch/metricAlarm:MetricAlarm", undefined, { kind: "again" }],
  ["aws:ec2/eipAssociation:EipAssociation", { instanceId: "i-1" }, { kind: "again" }],
  ["aws:ec2/eip:Eip", { name: "no such input" }, { kind: "unknown" }],
  ["aws:ec2/instance:Instance", undefined, { kind: "unknown" }],
])("an interrupted creation of %s with %j: %j", (type, inputs, expected) => {
  expect(creationOf(type, inputs)).toEqual(expected);
});
