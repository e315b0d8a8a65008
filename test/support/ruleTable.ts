import { describe, expect, test } from "@jest/globals";
import type { AnyRule, Resource } from "../../policy/rule.ts";
import { messages, type Props } from "./policy.ts";

/** What is judged, by what the case is about. */
type Judged = Resource | readonly Resource[];
type Case = Judged | { readonly of: Judged; readonly config: Props };

export interface RuleTable {
  /** What the rule has nothing against. */
  readonly passes: Readonly<Record<string, Case>>;
  /** What it finds: texts that the messages hold, one a message, in order. */
  readonly fails: Readonly<Record<string, readonly [its: Case, ...messages: string[]]>>;
}

/** Tests of a rule, a row each. Every message has to name a resource, the value seen and a mend as well. */
export function describeRule(rule: AnyRule, { passes, fails }: RuleTable): void {
  describe(rule.name, () => {
    test.each(Object.entries(passes))("lets pass %s", (_, its) => {
      expect(messagesOf(rule, its)).toEqual([]);
    });
    test.each(Object.entries(fails))("finds %s", (_, [its, ...wanted]) => {
      const found = messagesOf(rule, its);
      expect(found).toEqual(wanted.map((text) => expect.stringContaining(text)));
      for (const message of found) expect(message).toMatch(/^.+: .+: .+ - .+$/s);
    });
  });
}

const messagesOf = (rule: AnyRule, its: Case) =>
  "config" in its ? messages(rule, its.of, its.config) : messages(rule, its);
