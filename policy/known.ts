/**
 * Reading inputs of which some are not known before a deployment: the policy SDK throws for each of those
 * when it is read, and then says that the whole rule could not run. A rule that has more to say asks here.
 */

/** Stands for a value that is known only while deploying. */
export const UNKNOWN: unique symbol = Symbol("known after the deployment");

/** The SDK's own error for it has no public class (proxy.js of @pulumi/policy: UnknownValueError). */
export const isUnknownError = (error: unknown): boolean =>
  error instanceof Error && "unknownTypeSentinel" in error;

/** One member of an object or list: its value, `undefined` where there is none, or UNKNOWN. */
export function peek(holder: unknown, key: string | number): unknown {
  if (typeof holder !== "object" || holder === null) return undefined;
  try {
    return Reflect.get(holder, key);
  } catch (error) {
    if (isUnknownError(error)) return UNKNOWN;
    throw error;
  }
}

/** What lies at a path: `peekAt(props, "rootBlockDevice", "encrypted")`. UNKNOWN if anything on the way is. */
export const peekAt = (holder: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce((value, key) => (value === UNKNOWN ? UNKNOWN : peek(value, key)), holder);

/** Whether an input is given, known or not; `null`, an empty text and an empty list are none. */
export function isGiven(holder: unknown, key: string): boolean {
  const value = peek(holder, key);
  return (
    value !== undefined &&
    value !== null &&
    value !== "" &&
    !(Array.isArray(value) && value.length === 0)
  );
}

/** The members of a list, each known or UNKNOWN; none where there is no list or it is not known itself. */
export function itemsOf(holder: unknown, key: string): readonly unknown[] {
  const list = peek(holder, key);
  return Array.isArray(list) ? Array.from(list.keys(), (index) => peek(list, index)) : [];
}

/** The texts of a list that are known; a single text counts as a list of one, as in IAM documents. */
export function textsOf(holder: unknown, key: string): readonly string[] {
  const value = peek(holder, key);
  if (typeof value === "string") return [value];
  return itemsOf(holder, key).filter((it) => typeof it === "string");
}

/** Whether a value is one of those that are wanted, or may turn out to be: what is not known yet is judged while deploying. */
export const mayBe = (value: unknown, ...wanted: readonly unknown[]): boolean =>
  value === UNKNOWN || wanted.includes(value);

/** A value as a message shows it. */
export function shown(value: unknown): string {
  if (value === UNKNOWN) return "known after the deployment";
  return value === undefined || value === null ? "not set" : JSON.stringify(value);
}
