import { expect, test } from "@jest/globals";
import * as z from "zod";
import { policyConfig } from "../../../scripts/commands/policyConfig.ts";
import type { ResourceRule } from "../../../policy/rule.ts";
import { ruleSettings } from "../../../policy/ruleSettings.ts";
import { rules } from "../../../policy/rules/index.ts";
import { devPlan, prodPlan } from "../../support/plans.ts";

const rule = (name: string, config?: z.ZodType): ResourceRule<unknown> => ({
  name,
  description: "",
  level: "mandatory",
  severity: "low",
  mirrors: [],
  ...(config && { config }),
  checkResource: () => [],
});

test("each rule gets the facts that it asks for, and nothing else", () => {
  const config = policyConfig({ target: "docker", plan: devPlan() }, [
    rule("none"),
    rule("other", z.strictObject({ most: z.number().default(1) })),
    rule(
      "both",
      z.strictObject({
        development: z.boolean().default(false),
        publicPorts: z.array(z.string()).default([]),
      }),
    ),
  ]);
  expect(Object.keys(config)).toEqual(["both"]);
  expect(config["both"]).toMatchObject({
    development: true,
    publicPorts: ["443/tcp", "7881/tcp", "50100-50200/udp", "443/udp", "5349/tcp"],
  });
});

test.each([
  ["docker", devPlan()],
  ["aws", prodPlan()],
] as const)("what our own rules are told of a stack on %s is what they take", (target, plan) => {
  const config = policyConfig({ target, plan });
  for (const it of rules) {
    const given = config[it.name] ?? {};
    if (typeof given === "string") throw new Error(it.name);
    expect(() => ruleSettings(it, given)).not.toThrow();
  }
  const told = new Set(Object.values(config).flatMap((it) => Object.keys(it)));
  expect([...told].toSorted()).toEqual(["development", "internalPorts", "publicPorts"]);
  const developing = JSON.stringify(config).match(/"development":(?:true|false)/g) ?? [];
  expect([...new Set(developing)]).toEqual([`"development":${target === "docker"}`]);
});
