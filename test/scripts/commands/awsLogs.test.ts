import { expect, test } from "@jest/globals";
import { logsAreInAws } from "../../../scripts/commands/awsLogs.ts";

const cloud = {
  region: "eu-central-1",
  instanceId: "i-0123",
  logGroup: "/turnkey/prod/node",
  alarmTopicArn: "arn:aws:sns:eu-central-1:123456789012:it",
  bucket: "b",
  names: [],
};

test("the commands that show a node's logs can be copied", () => {
  const told = logsAreInAws({ stack: "prod", cloud, follow: false }).told();
  expect(told).toContain("  aws logs tail /turnkey/prod/node --region eu-central-1 --since 1h\n");
  expect(told).toContain("aws ssm start-session --region eu-central-1 --target i-0123");
});

test("one service and what comes are asked for as npm run logs has them", () => {
  expect(logsAreInAws({ stack: "prod", cloud, service: "livekit", follow: true }).told()).toContain(
    "aws logs tail /turnkey/prod/node --region eu-central-1 --since 1h --log-stream-name-prefix livekit --follow",
  );
});
