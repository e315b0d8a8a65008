import { expect, test } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { Dashboard } from "../../../components/aws/dashboard.ts";
import { dashboardBody } from "../../../plan/dashboardBody.ts";
import { deploy } from "../../support/engine.ts";

const DASHBOARD = "aws:cloudwatch/dashboard:Dashboard";

test("one page, named as CloudWatch allows, with what the stack has", async () => {
  const plain = { region: "eu-central-1", namespace: "Turnkey/prod.eu" };
  const { ofType } = await deploy(
    () =>
      new Dashboard("dashboard", {
        stack: "prod.eu",
        ...plain,
        instanceId: pulumi.output("i-1"),
        alarmArns: [pulumi.output("arn:1"), "arn:2"],
        logGroupName: pulumi.output("/turnkey/prod.eu/node"),
      }),
  );
  const late = {
    instanceId: "i-1",
    alarmArns: ["arn:1", "arn:2"],
    logGroupName: "/turnkey/prod.eu/node",
  };
  expect(ofType(DASHBOARD)).toEqual([
    {
      type: DASHBOARD,
      name: "dashboard-page",
      inputs: {
        dashboardName: "turnkey-prod-eu-eu-central-1",
        dashboardBody: JSON.stringify(dashboardBody({ ...plain, ...late })),
      },
      options: expect.objectContaining({ parent: "dashboard" }),
    },
  ]);
});
