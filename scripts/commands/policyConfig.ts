/** What the policy pack is told of a stack: what only its plan can say. */
import type { Settings } from "../../config.ts";
import type { Plan } from "../../plan/plan.ts";
import type { PackConfig } from "../../policy/judge.ts";
import type { AnyRule } from "../../policy/rule.ts";
import { settingSchemas } from "../../policy/ruleSettings.ts";
import { rules as ourRules } from "../../policy/rules/index.ts";
import { portLabel } from "../../turn/ports.ts";

export interface PolicySubject {
  readonly target: Settings["target"];
  readonly plan: Pick<Plan, "ports">;
}

/** Facts by the name under which rules ask for them in their configuration. */
function facts({ target, plan }: PolicySubject): Readonly<Record<string, unknown>> {
  const own = plan.ports.filter((it) => it.within === undefined);
  return {
    /** A laptop's stack lets its relay reach the laptop itself. */
    development: target === "docker",
    publicPorts: own.filter(({ exposure }) => exposure === "public").map(portLabel),
    internalPorts: own.filter(({ exposure }) => exposure === "node").map(({ from }) => from),
  };
}

/** The configuration, as `--policy-pack-config` takes it: each rule gets the facts that it asks for. */
export function policyConfig(
  subject: PolicySubject,
  rules: readonly AnyRule[] = ourRules,
): PackConfig {
  const known = Object.entries(facts(subject));
  const asked = rules.map((rule) => {
    const wanted = settingSchemas(rule);
    return [rule.name, Object.fromEntries(known.filter(([name]) => name in wanted))] as const;
  });
  return Object.fromEntries(asked.filter(([, config]) => Object.keys(config).length > 0));
}
