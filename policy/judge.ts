/** Judges resources without an engine, and decides what the engine is told. */
import { type Exception, excepts } from "./exceptions.ts";
import { messageOf } from "./message.ts";
import type { AnyRule, Finding, Level, Resource } from "./rule.ts";
import { type RuleSettings, ruleSettings } from "./ruleSettings.ts";

export interface Violation {
  readonly rule: string;
  readonly level: Exclude<Level, "disabled">;
  readonly severity: AnyRule["severity"];
  /** The resource it is about; absent where it is the stack. */
  readonly resource?: Resource;
  readonly finding: Finding;
  readonly message: string;
}

export interface Verdict {
  readonly violations: readonly Violation[];
  /** Each once, in the order of their use. */
  readonly usedExceptions: readonly Exception[];
}

/** Levels and settings by rule, as the file behind `--policy-pack-config` has them. */
export type PackConfig = Readonly<
  Record<
    string,
    Level | ({ readonly enforcementLevel?: Level } & Readonly<Record<string, unknown>>)
  >
>;

export interface JudgeOptions {
  /** Beside those that `config` has for a rule. */
  readonly exceptions?: readonly Exception[];
  readonly config?: PackConfig;
}

/** What rules find in the resources of a stack, and which exceptions that took. Throws PolicyConfigError. */
export function judge(
  rules: readonly AnyRule[],
  resources: readonly Resource[],
  { exceptions = [], config = {} }: JudgeOptions = {},
): Verdict {
  const violations: Violation[] = [];
  const usedExceptions = new Set<Exception>();
  for (const rule of rules) {
    const { level, settings } = settingsOf(rule, config[rule.name] ?? {});
    if (level === "disabled") continue;
    for (const sifted of siftedFindings(rule, resources, settings, exceptions)) {
      if (sifted.exception) usedExceptions.add(sifted.exception);
      else {
        const { finding, resource } = sifted;
        const message = messageOf(rule, finding, resource);
        const about = resource ? { resource } : {};
        const { name, severity } = rule;
        violations.push({ rule: name, level, severity, ...about, finding, message });
      }
    }
  }
  return { violations, usedExceptions: [...usedExceptions] };
}

function settingsOf(rule: AnyRule, given: PackConfig[string]) {
  if (typeof given === "string") return { level: given, settings: ruleSettings(rule, {}) };
  const { enforcementLevel: level = rule.level, ...others } = given;
  return { level, settings: ruleSettings(rule, others) };
}

/** Something that a rule found, with the resource it is about and the exception that holds for it. */
export interface Sifted {
  readonly finding: Finding;
  readonly resource?: Resource;
  readonly exception?: Exception;
}

/** What one rule finds in resources: one after the other, or all together where it is a rule over the stack. */
export function siftedFindings(
  rule: AnyRule,
  resources: readonly Resource[],
  settings: RuleSettings,
  exceptions: readonly Exception[],
): readonly Sifted[] {
  const applicable = [
    ...settings.exceptions,
    ...exceptions.filter((exception) => exception.rule === rule.name),
  ];
  const found: readonly Omit<Sifted, "exception">[] =
    "checkStack" in rule
      ? rule
          .checkStack(resources, settings.config)
          .map((finding) => about(finding, finding.resource))
      : resources.flatMap((resource) =>
          rule.checkResource(resource, settings.config).map((finding) => about(finding, resource)),
        );
  return found.map(({ finding, resource }) => {
    const exception = resource && applicable.find((it) => excepts(it, resource, finding));
    return { ...about(finding, resource), ...(exception ? { exception } : {}) };
  });
}

const about = (finding: Finding, resource: Resource | undefined) =>
  resource ? { finding, resource } : { finding };
