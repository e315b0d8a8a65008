/** Stands for a value that a preview does not know yet. */
export const UNKNOWN = Symbol("unknown");

/** A resource property as it comes off a `google.protobuf.Struct`, secrets unwrapped. */
export type Value =
  null | boolean | number | string | Value[] | { [key: string]: Value } | typeof UNKNOWN;

/** The properties of one resource by name; a property that is not given is absent. */
export type Props = { [key: string]: Value };

/** Tells an object value from lists and plain values. */
export function isProps(value: Value | undefined): value is Props {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
