/** What a run may set for a rule beside its level: the rule's own configuration, and exceptions to it. */
import * as z from "zod";
import { type Exception, OwnException } from "./exceptions.ts";
import type { AnyRule } from "./rule.ts";

export interface RuleSettings {
  /** For the rule's check. */
  readonly config: unknown;
  readonly exceptions: readonly Exception[];
}

const Exceptions = z.array(OwnException).default([]);

/** A rule's settings are not what its schema wants; the message has a line for each problem. */
export class PolicyConfigError extends Error {
  override readonly name = "PolicyConfigError";
}

/** Reads what `--policy-pack-config` has for a rule, `enforcementLevel` left out. */
export function ruleSettings(
  rule: AnyRule,
  given: Readonly<Record<string, unknown>>,
): RuleSettings {
  const { exceptions, ...others } = given;
  const own = Exceptions.safeParse(exceptions);
  const config = (rule.config ?? z.strictObject({})).safeParse(others);
  const issues = [
    ...(own.error?.issues ?? []).map((it) => ({ ...it, path: ["exceptions", ...it.path] })),
    ...(config.error?.issues ?? []),
  ];
  if (!own.success || !config.success) {
    const lines = issues.map(({ path, message }) => `  ${path.map(String).join(".")}: ${message}`);
    throw new PolicyConfigError(
      [`the policy pack's configuration of ${rule.name} is wrong`, ...lines].join("\n"),
    );
  }
  return {
    config: rule.config ? config.data : undefined,
    exceptions: own.data.map((it) => ({ ...it, rule: rule.name })),
  };
}

/** JSON Schema of what may be set for a rule, by name; nothing is required. */
export function settingSchemas(rule: AnyRule): Readonly<Record<string, object>> {
  const schema = z.toJSONSchema(
    z.object({
      config: rule.config ?? z.strictObject({}),
      exceptions: Exceptions,
    }),
    { io: "input", target: "draft-7" },
  );
  const { config, exceptions } = Properties.parse(schema).properties;
  return {
    ...Properties.parse(config).properties,
    ...(exceptions === undefined ? {} : { exceptions }),
  };
}

const Properties = z.object({ properties: z.record(z.string(), z.looseObject({})).default({}) });
