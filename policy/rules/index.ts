/** Every rule of the pack. */
import type { AnyRule } from "../rule.ts";
import { awsRules } from "./aws/index.ts";
import { containerRules } from "./container/index.ts";
import { pulumiRules } from "./pulumi/index.ts";
import { turnRules } from "./turn/index.ts";

/** By what they are about, as the documentation lists them. */
export const ruleGroups = {
  TURN: turnRules,
  Containers: containerRules,
  AWS: awsRules,
  Pulumi: pulumiRules,
} satisfies Record<string, readonly AnyRule[]>;

export const rules: readonly AnyRule[] = Object.values(ruleGroups).flat();
