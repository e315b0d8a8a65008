import { expect, test } from "@jest/globals";
import {
  confirmDeployment,
  requireSomebodyToAsk,
} from "../../../scripts/commands/confirmDeployment.ts";
import type { PlannedStep } from "../../../scripts/pulumi/plannedSteps.ts";
import { Refusal } from "../../../scripts/userError.ts";

const replaced: PlannedStep = {
  operation: "replace",
  type: "aws:ec2/instance:Instance",
  name: "host-node",
  changed: ["ami"],
};

/** Somebody at a terminal who answers so. */
function person(answer: string, yes = false) {
  const asked: string[] = [];
  const told: string[] = [];
  return {
    asked,
    told,
    yes,
    terminal: true,
    ask: async (question: string) => {
      asked.push(question);
      return answer;
    },
    tell: (line: string) => void told.push(line),
  };
}

test("the question says that live relays end, and what is changed", async () => {
  const alice = person("y");
  await confirmDeployment({ stack: "prod", steps: [replaced] }, alice);
  expect(alice.asked.join()).toMatch(
    /live relays and rooms end[^]*"prod" \(1 to replace\)\? \[y\/N\] $/,
  );
});

test.each(["", "n", "yesterday"])("the answer %j changes nothing", async (answer) => {
  const asked = confirmDeployment({ stack: "prod", steps: [replaced] }, person(answer));
  await expect(asked).rejects.toThrow(Refusal);
});

test("--yes is not asked, and told what it does to calls", async () => {
  const ci = person("n", true);
  await confirmDeployment({ stack: "prod", steps: [replaced] }, ci);
  expect(ci.asked).toEqual([]);
  expect(ci.told.join()).toContain("live relays and rooms end");
});

const ofKeys = [
  "random:index/randomPassword:RandomPassword",
  "aws:ssm/parameter:Parameter",
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "pulumi:index:Stash",
].map((type): PlannedStep => ({ operation: "update", type, name: "it", changed: ["value"] }));

test("who has agreed to other keys is told what that does, and asked only where more changes", async () => {
  const carol = person("n");
  await confirmDeployment({ stack: "prod", steps: ofKeys, isAgreed: true }, carol);
  expect(carol.asked).toEqual([]);
  expect(carol.told.join()).toContain("started anew");
  const rule = { ...replaced, type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule" };
  const more = { stack: "prod", steps: [...ofKeys, rule], isAgreed: true };
  await expect(confirmDeployment(more, carol)).rejects.toThrow(Refusal);
});

test("where nothing changes nothing is asked", async () => {
  const bob = person("n");
  await confirmDeployment({ stack: "prod", steps: [] }, bob);
  expect(bob.asked).toEqual([]);
});

test("without a terminal and without --yes it ends before anything takes time", () => {
  expect(() => requireSomebodyToAsk("prod", { ...person(""), terminal: false })).toThrow(Refusal);
  requireSomebodyToAsk("prod", { ...person("", true), terminal: false });
  requireSomebodyToAsk("prod", person(""));
});
