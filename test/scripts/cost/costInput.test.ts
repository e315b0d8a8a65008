import { expect, test } from "@jest/globals";
import { costInput } from "../../../scripts/cost/costInput.ts";
import { awsSettings } from "../../support/plans.ts";

const of = (aws: object, api = {}, relayedGb?: number) => {
  const settings = awsSettings({ aws, api });
  if (settings.target !== "aws") throw new Error("not of target aws");
  return costInput(settings, relayedGb);
};

test("the defaults", () => {
  expect(of({})).toEqual({
    region: "eu-central-1",
    instanceType: "c7g.large",
    volumeGib: 20,
    logRetentionDays: 30,
    dashboard: false,
    flowLogs: false,
    buildsImage: true,
    relayedGb: 1_000,
  });
});

test.each([
  [of({ architecture: "amd64" }), { instanceType: "c7i.large" }],
  [of({ instanceType: "t4g.small" }), { instanceType: "t4g.small" }],
  [of({ dashboard: true, vpc: { flowLogs: true } }), { dashboard: true, flowLogs: true }],
  [of({ alarms: { networkOutGbPerMonth: 7 } }), { relayedGb: 7 }],
  [of({ alarms: { networkOutGbPerMonth: 7 } }, {}, 0), { relayedGb: 0 }],
  [of({}, { image: "example.com/api:1.2.3" }), { buildsImage: false }],
])("settings that say %j", (input, said) => {
  expect(input).toMatchObject(said);
});
