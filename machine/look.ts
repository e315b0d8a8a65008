/**
 * A way to read a JSON answer as Go reads it into a struct: what is missing, null or of another type
 * reads as that type's zero. The Docker Engine leaves fields out freely, and its own clients read it so.
 */
export interface Look {
  readonly value: unknown;
  at(...path: string[]): Look;
  has(...path: string[]): boolean;
  text(...path: string[]): string;
  number(...path: string[]): number;
  flag(...path: string[]): boolean;
  list(...path: string[]): Look[];
  texts(...path: string[]): string[];
  entries(...path: string[]): [string, Look][];
  /** An object whose values are texts; other values are left out. */
  textMap(...path: string[]): Record<string, string>;
}

/** Opens a decoded JSON value for reading. */
export function look(value: unknown): Look {
  const find = (path: string[]) => path.reduce(member, value);
  return {
    value,
    at: (...path) => look(find(path)),
    has: (...path) => find(path) !== undefined && find(path) !== null,
    text: (...path) => text(find(path)),
    number: (...path) => {
      const it = find(path);
      return typeof it === "number" ? it : 0;
    },
    flag: (...path) => find(path) === true,
    list: (...path) => list(find(path)).map(look),
    texts: (...path) => list(find(path)).map(text),
    entries: (...path) => entries(find(path)).map(([key, it]) => [key, look(it)]),
    textMap: (...path) =>
      Object.fromEntries(
        entries(find(path)).flatMap(([key, it]) => (typeof it === "string" ? [[key, it]] : [])),
      ),
  };
}

const isObject = (it: unknown): it is Record<string, unknown> =>
  typeof it === "object" && it !== null && !Array.isArray(it);

const member = (it: unknown, key: string): unknown => (isObject(it) ? it[key] : undefined);

const text = (it: unknown) => (typeof it === "string" ? it : "");
const list = (it: unknown): unknown[] => (Array.isArray(it) ? it : []);
const entries = (it: unknown) => (isObject(it) ? Object.entries(it) : []);
