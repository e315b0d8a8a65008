import { readdirSync, readFileSync } from "node:fs";
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

const folder = join(import.meta.dirname, "../registry-only/recordings");

/** Every recorded run of the CLI, by the name of its file. */
const everyRun = readdirSync(folder)
  .filter((file) => file.endsWith(".jsonl"))
  .map((file) => file.replace(/\.jsonl$/, ""))
  .toSorted();

/**
 * The rows of `test/registry-only/recordings/RUN.jsonl` for one provider, in their order; of every run
 * by default. GetPluginInfo is left out: it tells the version, and the recorded plugins were older.
 */
export function recorded(provider: string, ...runs: string[]): PlacedRow[] {
  return (runs.length > 0 ? runs : everyRun).flatMap((run) =>
    readFileSync(join(folder, `${run}.jsonl`), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line): Row => JSON.parse(line))
      .filter((row) => row.provider === provider && row.method !== "GetPluginInfo")
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

/**
 * What counts in a state of the docker plugin. Left out is what is empty (null, "", 0, false, [] and
 * {}): Terraform holds these for one and the same, and the official plugin itself answers now one and
 * now another of them. Lists of objects are sets there, so they come in one order.
 */
export function substance(value: Json): Json {
  if (Array.isArray(value)) {
    const members = value.map(substance);
    return members.every((it) => typeof it === "object")
      ? members.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      : members;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, it]): [string, Json] => [key, substance(it)])
      .filter(([, it]) =>
        it !== null && typeof it === "object" ? Object.keys(it).length > 0 : Boolean(it),
      ),
  );
}
