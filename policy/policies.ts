/** Rules as the policy SDK takes them. */
import type {
  PolicyConfigSchema,
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { type Exception, exceptionLine } from "./exceptions.ts";
import { siftedFindings } from "./judge.ts";
import { messageOf } from "./message.ts";
import type { AnyRule, Resource } from "./rule.ts";
import { ruleSettings, settingSchemas } from "./ruleSettings.ts";

export interface PoliciesOptions {
  readonly exceptions: readonly Exception[];
  /** Prints a line for the person who runs the pack. */
  readonly tell: (line: string) => void;
}

/** One policy for each rule; each exception is told once, when it is first used. */
export function policiesOf(
  rules: readonly AnyRule[],
  { exceptions, tell }: PoliciesOptions,
): (ResourceValidationPolicy | StackValidationPolicy)[] {
  const told = new Set<string>();
  const tellOnce = (exception: Exception) => {
    const line = exceptionLine(exception);
    if (!told.has(line)) tell(line);
    told.add(line);
  };
  return rules.map((rule) => {
    const head = {
      name: rule.name,
      description: rule.description,
      enforcementLevel: rule.level,
      severity: rule.severity,
      configSchema: configSchema(rule),
      tags: [...rule.mirrors],
      url: `docs/policies.md#${rule.name}`,
    };
    const check = (
      resources: readonly Resource[],
      given: Readonly<Record<string, unknown>>,
      report: ReportViolation,
    ) => {
      const settings = ruleSettings(rule, given);
      for (const sifted of siftedFindings(rule, resources, settings, exceptions)) {
        if (sifted.exception) tellOnce(sifted.exception);
        else report(messageOf(rule, sifted.finding, sifted.resource), sifted.resource?.urn);
      }
    };
    return "checkStack" in rule
      ? {
          ...head,
          validateStack: (args, report) =>
            check(args.resources.map(ofStack), args.getConfig(), report),
        }
      : {
          ...head,
          validateResource: (args, report) => check([alone(args)], args.getConfig(), report),
        };
  });
}

/** The SDK's types know fewer keywords than its engine does; the engine checks the whole schema. */
const configSchema = (rule: AnyRule): PolicyConfigSchema => ({
  properties: { ...settingSchemas(rule) },
});

const alone = ({ type, name, urn, props, opts }: ResourceValidationArgs): Resource => ({
  type,
  name,
  urn,
  props,
  protect: opts.protect,
  dependencies: {},
});

const ofStack = ({ type, name, urn, props, opts, ...its }: PolicyResource): Resource => ({
  type,
  name,
  urn,
  props,
  protect: opts.protect,
  dependencies: Object.fromEntries(
    Object.entries(its.propertyDependencies).map(([key, on]) => [key, on.map((it) => it.urn)]),
  ),
});
