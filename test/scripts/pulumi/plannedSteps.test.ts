import { expect, test } from "@jest/globals";
import { plannedSteps } from "../../../scripts/pulumi/plannedSteps.ts";

const INSTANCE = "aws:ec2/instance:Instance";
const step = (op: string, type = INSTANCE, more: Record<string, unknown> = {}) => ({
  resourcePreEvent: {
    planning: true,
    metadata: {
      op,
      type,
      urn: `urn:pulumi:prod::turnkey::turnkey:aws:Node$${type}::host-node`,
      ...more,
    },
  },
});
const log = (...events: unknown[]) => events.map((it) => `${JSON.stringify(it)}\n`).join("");

test("a replacement that is made first counts once", () => {
  const events = log(
    { preludeEvent: { config: {} } },
    step("create-replacement", INSTANCE, { keys: ["userData"], diffs: ["userData"] }),
    step("replace", INSTANCE, { keys: ["userData"], diffs: ["userData", "tags.Name"] }),
    step("delete-replaced"),
    { summaryEvent: {} },
  );
  expect(plannedSteps(events)).toEqual([
    { operation: "replace", type: INSTANCE, name: "host-node", changed: ["userData", "tags"] },
  ]);
});

test.each(["same", "read", "refresh", "discard"])("a step that is %s changes nothing", (op) => {
  expect(plannedSteps(log(step(op)))).toEqual([]);
});

test.each(["pulumi:pulumi:Stack", "pulumi:providers:aws", "turnkey:aws:Node"])(
  "%s exists in the state alone",
  (type) => {
    expect(plannedSteps(log(step("create", type)))).toEqual([]);
  },
);

test.each(["create", "update", "delete"])("%s is told, changed inputs or not", (op) => {
  expect(plannedSteps(log(step(op, INSTANCE, { diffs: null })))).toEqual([
    { operation: op, type: INSTANCE, name: "host-node", changed: [] },
  ]);
});

test("the path of a changed input is cut to the input", () => {
  const events = log(
    step("update", INSTANCE, { diffs: ["rootBlockDevice.volumeSize", 'tags["a"]'] }),
  );
  expect(plannedSteps(events)[0]?.changed).toEqual(["rootBlockDevice", "tags"]);
});
