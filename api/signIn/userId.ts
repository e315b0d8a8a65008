/** What may be a user's id, wherever the sign-in has it from. */

const MAX_BYTES = 256;

/** No control characters, which would forge log lines, and no space at the ends, where it cannot be seen. */
const UNFIT = /\p{Cc}|^\s|\s$/u;

/**
 * A value of a token, cookie or answer as user id: text of 1 to 256 bytes, or a whole number, whose id
 * is its decimal text. Undefined for anything else.
 */
export function userIdOf(value: unknown): string | undefined {
  const text = Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== "string" || text === "" || UNFIT.test(text)) return undefined;
  return text.isWellFormed() && Buffer.byteLength(text) <= MAX_BYTES ? text : undefined;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** The field of parsed JSON at a path such as `user.id`; undefined where there is none. */
export const fieldOf = (value: unknown, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>(
      (it, key) => (isRecord(it) && Object.hasOwn(it, key) ? it[key] : undefined),
      value,
    );
