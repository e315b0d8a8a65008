/** Secrets that stand in the clear in a stack's file: Pulumi then keeps them in the clear, in every update's history. */
import { SECRET_NAMES } from "../config.ts";
import { explainProblems, SettingsError } from "../settingsError.ts";

/** Where a value holds a text under the name of a secret, as paths. */
function secretPaths(value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, it]: [string, unknown]) => {
    const place = Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`;
    const holds = typeof it === "string" || Array.isArray(it);
    return SECRET_NAMES.has(key) && holds ? [place] : secretPaths(it, place);
  });
}

/**
 * Throws a SettingsError where a stack of a cloud has a secret that is not encrypted. `values` are the
 * stack's own, keys without `turnkey:`; `isEncrypted` tells by such a key what Pulumi has encrypted.
 */
export function requireEncrypted(
  values: Readonly<Record<string, unknown>>,
  isEncrypted: (key: string) => boolean,
): void {
  const clear = Object.entries(values).flatMap(([key, it]) =>
    isEncrypted(key) ? [] : secretPaths(it, key),
  );
  if (clear.length === 0) return;
  throw new SettingsError(
    explainProblems(
      clear.map((key) => ({
        key,
        given: "a secret in the clear",
        wanted: "an encrypted one",
        isSecret: true,
      })),
    ),
  );
}
