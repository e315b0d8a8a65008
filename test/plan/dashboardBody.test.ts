import { expect, test } from "@jest/globals";
import { dashboardBody } from "../../plan/dashboardBody.ts";
import { NODE_METRICS } from "../../plan/nodeMetrics.ts";

const from = {
  region: "eu-central-1",
  namespace: "Turnkey/prod",
  instanceId: "i-0a1b2c3d4e5f60718",
  alarmArns: ["arn:aws:cloudwatch:eu-central-1:123456789012:alarm:turnkey-prod-disk"],
  logGroupName: "/turnkey/prod/node",
};
const { widgets } = dashboardBody(from);
const text = JSON.stringify(widgets);

test.each(Object.keys(NODE_METRICS))("shows the node's %s", (name) => {
  expect(text).toContain(JSON.stringify(["Turnkey/prod", name]));
});

test("shows EC2's numbers of that instance, the alarms and the log", () => {
  expect(text).toContain('["AWS/EC2","NetworkOut","InstanceId","i-0a1b2c3d4e5f60718"]');
  expect(text).toContain(JSON.stringify(from.alarmArns));
  expect(text).toContain("SOURCE '/turnkey/prod/node'");
});

test("widgets lie on the grid of 24 columns, and no two on one place", () => {
  const taken = widgets.flatMap(({ x, y, width, height }) =>
    Array.from({ length: width * height }, (_, it) => {
      const column = x + (it % width);
      expect(column).toBeLessThan(24);
      return `${column},${y + Math.floor(it / width)}`;
    }),
  );
  expect(new Set(taken).size).toBe(taken.length);
});

test("every graph is of the stack's region, as a dashboard belongs to none", () => {
  const regions = widgets.flatMap(({ properties }) =>
    "region" in properties ? [properties.region] : [],
  );
  expect(regions).toEqual(Array.from({ length: widgets.length - 1 }, () => "eu-central-1"));
});
