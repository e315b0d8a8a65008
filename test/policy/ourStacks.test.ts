import { beforeAll, describe, expect, test } from "@jest/globals";
import { judge } from "../../policy/judge.ts";
import { ourExceptions } from "../../policy/ourExceptions.ts";
import type { Resource } from "../../policy/rule.ts";
import { rules } from "../../policy/rules/index.ts";
import { policyConfig } from "../../scripts/commands/policyConfig.ts";
import { resourcesOf } from "../support/policy.ts";
import { devPlan, prodPlan } from "../support/plans.ts";
import { deployDev, deployProd } from "../support/programs.ts";
import { type Mutation, mutations } from "./mutations.ts";

const EVERYTHING = {
  turn: { domain: "turn.example.com" },
  aws: {
    region: "eu-central-1",
    zoneId: "Z0123456789ABCDEFGHIJ",
    dashboard: true,
    vpc: { flowLogs: true },
    alarms: { email: "ops@example.com", monthlyBudgetUsd: 200 },
  },
};

const config = {
  dev: policyConfig({ target: "docker", plan: devPlan() }),
  prod: policyConfig({ target: "aws", plan: prodPlan() }),
};

const judged = (stack: keyof typeof config, resources: readonly Resource[]) =>
  judge(rules, resources, { exceptions: ourExceptions, config: config[stack] });

const stacks = [
  {
    stack: "dev",
    values: {},
    exceptions: ["media-on-host-network", "root-for-low-ports"],
  },
  { stack: "dev", values: { docker: { network: "bridge" } }, exceptions: ["root-for-low-ports"] },
  {
    stack: "dev",
    values: { edge: "false" },
    exceptions: ["media-on-host-network", "root-for-low-ports"],
  },
  {
    stack: "prod",
    values: {},
    exceptions: [
      "boot-address",
      "flow-logs-by-setting",
      "node-is-the-network",
      "pushed-by-content",
    ],
  },
  {
    stack: "prod",
    values: EVERYTHING,
    exceptions: ["boot-address", "node-is-the-network", "pushed-by-content"],
  },
] as const;

const registered = async (stack: keyof typeof config, values: Readonly<Record<string, unknown>>) =>
  resourcesOf((await (stack === "dev" ? deployDev(values) : deployProd({ ...values }))).resources);

describe("every resource that our stacks register passes every rule, or a named exception", () => {
  test.each(stacks)("$stack with $values", async ({ stack, values, exceptions }) => {
    const { violations, usedExceptions } = judged(stack, await registered(stack, values));
    expect(violations.map(({ message }) => message)).toEqual([]);
    expect([...new Set(usedExceptions.map(({ name }) => name))].toSorted()).toEqual(exceptions);
  });
});

test("every exception says why, under a name of its own, and one of our stacks needs it", () => {
  const names = [...new Set(ourExceptions.map(({ name }) => name))].toSorted();
  expect(names).toEqual([...new Set(stacks.flatMap(({ exceptions }) => exceptions))].toSorted());
  for (const { reason } of ourExceptions) expect(reason.length).toBeGreaterThan(30);
});

/** The resources with one changed, or without it. */
function mutated(resources: readonly Resource[], { type, name, change }: Mutation): Resource[] {
  let hits = 0;
  const after = resources.flatMap((it) => {
    if (it.type !== type || (name !== undefined && it.name !== name)) return [it];
    hits += 1;
    return hits === 1 ? change(it) : [it];
  });
  if (hits === 0) throw new Error(`no stack of ours has a ${type} ${name ?? ""}`);
  return after;
}

describe("each protection that is taken out of our program is missed by the rule meant for it", () => {
  let all: { readonly dev: readonly Resource[]; readonly prod: readonly Resource[] };
  beforeAll(async () => {
    all = {
      dev: await registered("dev", { docker: { network: "bridge" } }),
      prod: await registered("prod", EVERYTHING),
    };
  });

  test.each(mutations)("$rule: $lost", (mutation) => {
    const found = judged(mutation.stack, mutated(all[mutation.stack], mutation)).violations;
    expect(found.map(({ rule }) => rule)).toContain(mutation.rule);
  });

  test("every rule but those for what our program has none of is meant for one of them", () => {
    const caught = new Set(mutations.map(({ rule }) => rule));
    expect(rules.map(({ name }) => name).filter((it) => !caught.has(it))).toEqual(WITHOUT_SUBJECT);
  });
});

/** They judge what other programs declare; of flow logs our own exception says that a setting decides. */
const WITHOUT_SUBJECT = [
  "turn-authentication",
  "no-access-keys",
  "no-broad-managed-policies",
  "no-secrets-in-aws-environment",
  "vpc-flow-logs",
];
