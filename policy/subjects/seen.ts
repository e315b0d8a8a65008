/** Reads members of inputs as a type; a value of another type counts as not set. */
import { peek, UNKNOWN } from "../known.ts";
import type { Seen } from "./container.ts";

/** A text; a number or a boolean is taken as its text, as engines do. An empty one counts as not set. */
export function textAt(holder: unknown, key: string): Seen<string> {
  const value = holder === UNKNOWN ? UNKNOWN : peek(holder, key);
  if (value === UNKNOWN) return UNKNOWN;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A number, or a text that is one. */
export function numberAt(holder: unknown, key: string): Seen<number> {
  const value = textAt(holder, key);
  if (value === UNKNOWN || value === undefined) return value;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** A boolean, or a text that is one. */
export function booleanAt(holder: unknown, key: string): Seen<boolean> {
  const value = textAt(holder, key);
  if (value === UNKNOWN || value === undefined) return value;
  return value === "true" ? true : value === "false" ? false : undefined;
}

/** The value where it is known and set. */
export const known = <T>(value: Seen<T>): T | undefined => (value === UNKNOWN ? undefined : value);
