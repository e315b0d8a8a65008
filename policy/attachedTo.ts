import { peek } from "./known.ts";
import type { Resource } from "./rule.ts";

/**
 * Whether `key` of a resource points at another one: made of its outputs, or giving its id or the value
 * of its `name` input as a plain text.
 */
export function isAttachedTo(
  { dependencies, props }: Resource,
  key: string,
  target: Resource,
  name: string,
): boolean {
  if (dependencies[key]?.includes(target.urn)) return true;
  const given = peek(props, key);
  const ids = [peek(target.props, name), peek(target.props, "id")];
  return typeof given === "string" && given !== "" && ids.includes(given);
}
