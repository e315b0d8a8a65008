import type { Change, Fields, FieldType } from "./kind.ts";
import { isProps, UNKNOWN } from "./value.ts";
import type { Props, Value } from "./value.ts";

/**
 * What distinguishes the wanted inputs from the state. The state counts, not the inputs of last
 * time, as in the official providers: an input that was taken away is a change unless the field is
 * computed, or the state holds nothing there ("", 0, false, an empty list or object).
 */
export function compare(fields: Fields, olds: Props, news: Props): readonly Change[] {
  return compareFields(fields, olds, news, "", false);
}

function compareFields(
  fields: Fields,
  olds: Props,
  news: Props,
  prefix: string,
  replaces: boolean,
): readonly Change[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const wanted = news[name] ?? field.stateDefault ?? null;
    // An empty list is as good as none given (recorded for labels).
    const given = wanted !== null && !(Array.isArray(wanted) && wanted.length === 0);
    if (field.ignored || (!given && field.computed)) return [];
    const path = prefix + name;
    return compareValue(
      field.type,
      olds[name] ?? null,
      wanted,
      path,
      replaces || Boolean(field.replaces),
    );
  });
}

function compareValue(
  type: FieldType,
  old: Value,
  wanted: Value,
  path: string,
  replaces: boolean,
): readonly Change[] {
  if (isEmpty(old) && isEmpty(wanted)) return [];
  // An empty list counts as nothing, false and 0 as values (recorded for ports and mustRun).
  if (isEmpty(old))
    return [{ path, kind: old === null || typeof old === "object" ? "add" : "update", replaces }];
  if (wanted === UNKNOWN) return [{ path, kind: "update", replaces }];
  if (typeof type === "string") {
    if (old === wanted) return [];
    return [{ path, kind: wanted === null ? "delete" : "update", replaces }];
  }
  if ("map" in type || "object" in type) {
    const before = isProps(old) ? old : {};
    const after = isProps(wanted) ? wanted : {};
    if ("object" in type) return compareFields(type.object, before, after, `${path}.`, replaces);
    return keysOf(before, after).flatMap((key) =>
      compareMember(type.map, before[key], after[key], path + step(key), replaces),
    );
  }
  const before = Array.isArray(old) ? old : [];
  const after = Array.isArray(wanted) ? wanted : [];
  if (after.length === 0) return [{ path, kind: "delete", replaces }];
  const of = "list" in type ? type.list : type.set;
  const same = (a: Value, b: Value) =>
    "set" in type && compareValue(of, a, b, "", false).length === 0;
  const left = before.map((it) => (after.some((other) => same(it, other)) ? undefined : it));
  const right = after.map((it) => (before.some((other) => same(other, it)) ? undefined : it));
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) =>
    compareMember(of, left[i], right[i], `${path}[${i}]`, replaces),
  ).flat();
}

/** A member of a list or map: unlike a field, it can be empty and still be there. */
function compareMember(
  type: FieldType,
  old: Value | undefined,
  wanted: Value | undefined,
  path: string,
  replaces: boolean,
): readonly Change[] {
  if (old === undefined && wanted === undefined) return [];
  if (old === undefined) return [{ path, kind: "add", replaces }];
  if (wanted === undefined) return [{ path, kind: "delete", replaces }];
  if (old === wanted) return [];
  if (typeof type === "string") return [{ path, kind: "update", replaces }];
  return compareValue(type, old, wanted, path, replaces);
}

const keysOf = (...all: Props[]) => [...new Set(all.flatMap((it) => Object.keys(it)))].toSorted();

const step = (key: string) => (/^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `["${key}"]`);

function isEmpty(value: Value): boolean {
  if (value === UNKNOWN) return false;
  if (Array.isArray(value)) return value.length === 0;
  if (isProps(value)) return Object.keys(value).every((key) => key === "__defaults");
  return value === null || value === "" || value === 0 || value === false;
}
