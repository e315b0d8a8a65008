import type { AnyRule, Finding, Resource } from "./rule.ts";

/**
 * A violation in words: the resource, what is wrong with it, the value seen, the mend, and the public
 * rules that say the same.
 */
export function messageOf(rule: AnyRule, finding: Finding, resource: Resource | undefined): string {
  const { what, seen, mend, part } = finding;
  const subject = [
    resource === undefined ? "the stack" : resource.name,
    ...(part === undefined ? [] : [part]),
  ].join(", ");
  const like = rule.mirrors.length === 0 ? "" : ` (like ${rule.mirrors.join(", ")})`;
  return `${subject}: ${what}: ${seen} - ${mend}${like}`;
}
