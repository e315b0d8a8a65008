import { readFileSync } from "node:fs";
import { join } from "node:path";

/** JSON as the recordings of the official plugins hold it. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

/** One recorded call of an official plugin, and its answer. */
export interface Row {
  readonly method: string;
  readonly provider: string;
  readonly request: JsonObject;
  readonly response: JsonObject;
}

/** A row, and where it stands: for the names of tests. */
export type PlacedRow = Row & { readonly run: string; readonly index: number };

/** The rows of `test/registry-only/recordings/RUN.jsonl` for one provider, in their order. */
export function recorded(provider: string, ...runs: string[]): PlacedRow[] {
  const folder = join(import.meta.dirname, "../registry-only/recordings");
  return runs.flatMap((run) =>
    readFileSync(join(folder, `${run}.jsonl`), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line): Row => JSON.parse(line))
      .filter((row) => row.provider === provider)
      .map((row, index) => ({ ...row, run, index })),
  );
}

/** Pulumi's mark of a value that a preview does not know. */
export const unknownMark = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const specialMark = "4dabf18193072939515e22adb298388d";

/** A value wrapped as a secret; the value may be a matcher of jest. */
export const secret = <T>(value: T) => ({
  [specialMark]: "1b47061264138c4ac30d75fd1eb44270",
  value,
});

/** The object at a key, or an empty one: for looking into requests and answers. */
export function objectAt(json: JsonObject, key: string): JsonObject {
  const value = json[key];
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

/** The text at a key; a test that finds none has found something wrong. */
export function textAt(json: JsonObject, key: string): string {
  const value = json[key];
  if (typeof value !== "string") throw new TypeError(`${key} is ${typeof value}; wanted a text`);
  return value;
}

/**
 * The shape of an answer whose values are random: every text, number and boolean becomes the name
 * of its type; nulls, secrets and unknown values stay as they are.
 */
export function shapeOf(value: Json): Json {
  if (value === null || value === unknownMark) return value;
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== "object") return typeof value;
  return Object.fromEntries(
    Object.entries(value).map(([key, it]) => [key, key === specialMark ? it : shapeOf(it)]),
  );
}
