/** Names of fields that hold a secret, in the settings of sign-ins and ICE sources. */
const SECRET_NAME = /secret|password|credential|token|(?:api|auth|verifier|userId)_?key/i;

const textsIn = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
};

/**
 * Every text that stands below a field whose name says that it is a secret, for `redacting`: `{secret:
 * "a"}` gives `a`, `{secrets: ["a", "b"]}` both. Numbers and switches are none.
 */
export function secretTexts(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    SECRET_NAME.test(name) ? textsIn(inner) : secretTexts(inner),
  );
}
