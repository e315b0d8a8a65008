import { expect, test } from "@jest/globals";
import { errorsOf, operationArgs } from "../../../scripts/pulumi/operations.ts";

const files = { configFile: "/tmp/x/Pulumi.dev.yaml", eventLog: "/tmp/x/events.json" };
const common =
  "--stack dev --config-file /tmp/x/Pulumi.dev.yaml --event-log /tmp/x/events.json --suppress-outputs";

test.each([
  ["up", false, [], `up ${common} --yes --skip-preview`],
  ["up", true, [], `up ${common}`],
  ["destroy", false, [], `destroy ${common} --yes --skip-preview`],
  ["destroy", true, [], `destroy ${common}`],
  ["preview", false, [], `preview ${common}`],
  ["up", false, ["--diff"], `up ${common} --yes --skip-preview --diff`],
] as const)("%s, asking first: %s, with %j", (operation, confirm, extra, expected) => {
  expect(operationArgs(operation, "dev", files, { confirm, extra }).join(" ")).toBe(expected);
});

test("policies judge an operation, and what the user adds comes last", () => {
  const policy = { pack: "policy", configFile: "/tmp/x/policy.json" };
  const args = operationArgs("preview", "dev", files, {
    confirm: false,
    extra: ["--diff"],
    policy,
  });
  expect(args.join(" ")).toBe(
    `preview ${common} --policy-pack policy --policy-pack-config /tmp/x/policy.json --diff`,
  );
});

test("the errors of an event log are told from its other events, without colour codes", () => {
  const log = [
    { sequence: 0, preludeEvent: { config: {} } },
    { sequence: 1, diagnosticEvent: { severity: "warning", message: "never mind" } },
    { sequence: 2, diagnosticEvent: { severity: "error", message: "<{%reset%}>oh <{%fg 1%}>no" } },
  ];
  expect(errorsOf(log.map((it) => `${JSON.stringify(it)}\n`).join(""))).toEqual(["oh no"]);
});
