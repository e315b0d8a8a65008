import type { Props } from "./value.ts";

/** A text input that the table promised. */
export function text(props: Props, name: string): string {
  const value = props[name];
  if (typeof value === "string") return value;
  throw new TypeError(`${name} is no text`);
}

/** A number input that the table promised. */
export function number(props: Props, name: string): number {
  const value = props[name];
  if (typeof value === "number") return value;
  throw new TypeError(`${name} is no number`);
}

/** A list of texts; empty when it is not given. */
export function texts(props: Props, name: string): readonly string[] {
  const value = props[name];
  return Array.isArray(value) ? value.filter((it) => typeof it === "string") : [];
}
