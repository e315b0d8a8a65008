/** Adds a date to `turnkey:keys.rotations` in the text of a stack's file, and leaves every other character as it is. */
import { isDeepStrictEqual } from "node:util";
import {
  type Document,
  isMap,
  isPair,
  isScalar,
  isSeq,
  parse,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import * as z from "zod";

const PATH = ["config", "turnkey:keys", "rotations"] as const;
/** Spaces by which a block that is new lies deeper. */
const STEP = 2;

/** Text to put in at an offset. */
interface Insertion {
  readonly at: number;
  readonly text: string;
}

/**
 * The text with the date at the end of the list; list and parents are made where they are missing.
 * Undefined when it cannot be done so, as with aliases: what comes out is read again, and must hold
 * what was there and the date.
 */
export function appendRotation(text: string, date: string): string | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  const insertion = find(document, text, date);
  if (!insertion) return undefined;
  const { at } = insertion;
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const changed = text.slice(0, at) + insertion.text.replaceAll("\n", eol) + text.slice(at);
  return isDeepStrictEqual(parse(changed), wanted(document.toJS(), PATH, date))
    ? changed
    : undefined;
}

/** What the changed text must say. */
function wanted(value: unknown, [key, ...rest]: readonly string[], date: string): unknown {
  if (key === undefined) return [...(Array.isArray(value) ? value : []), date];
  const present = z.record(z.string(), z.unknown()).safeParse(value).data ?? {};
  return { ...present, [key]: wanted(present[key], rest, date) };
}

/** Goes down the path as far as there is something, and adds what is missing there. */
function find(document: Document.Parsed, text: string, date: string): Insertion | undefined {
  let node: unknown = document.contents;
  for (const [depth, key] of PATH.entries()) {
    const missing = PATH.slice(depth);
    if (isEmpty(node))
      return depth === 0 ? inBlock(text.length, text, 0, missing, date) : undefined;
    if (!isMap(node)) return undefined;
    const pair = node.items.find((it) => isScalar(it.key) && it.key.value === key);
    if (!pair) return inMap(node, text, missing, date);
    if (isEmpty(pair.value)) return afterKey(pair.key, text, PATH.slice(depth + 1), date);
    node = pair.value;
  }
  return isSeq(node) ? inList(node, text, date) : undefined;
}

const isEmpty = (node: unknown): boolean =>
  node === null || node === undefined || (isScalar(node) && node.value === null);

function inList(list: YAMLSeq, text: string, date: string): Insertion | undefined {
  if (list.flow) return inFlow(list, quoted(date));
  const first = startOf(list);
  return first === undefined
    ? undefined
    : line(endOf(list), text, `${" ".repeat(columnOf(first, text))}- ${quoted(date)}\n`);
}

function inMap(
  map: YAMLMap,
  text: string,
  missing: readonly string[],
  date: string,
): Insertion | undefined {
  if (map.flow) return inFlow(map, flow(missing, date));
  const first = startOf(map);
  return first === undefined
    ? undefined
    : inBlock(endOf(map), text, columnOf(first, text), missing, date);
}

/** Behind the last entry, or into the brackets that hold none. */
function inFlow(collection: YAMLMap | YAMLSeq, entry: string): Insertion | undefined {
  const start = startOf(collection);
  if (start === undefined) return undefined;
  return collection.items.length === 0
    ? { at: start + 1, text: entry }
    : { at: endOf(collection.items.at(-1)), text: `, ${entry}` };
}

/** `turnkey:keys:` with nothing behind it. */
function afterKey(
  key: unknown,
  text: string,
  missing: readonly string[],
  date: string,
): Insertion | undefined {
  const start = startOf(key);
  if (start === undefined) return undefined;
  return inBlock(endOf(key), text, columnOf(start, text) + STEP, missing, date);
}

const inBlock = (
  end: number,
  text: string,
  column: number,
  missing: readonly string[],
  date: string,
): Insertion => {
  const indent = (depth: number) => " ".repeat(column + depth * STEP);
  const parents = missing.map((key, depth) => `${indent(depth)}${key}:\n`);
  return line(end, text, `${parents.join("")}${indent(missing.length)}- ${quoted(date)}\n`);
};

const flow = (missing: readonly string[], date: string): string =>
  missing.reduceRight(
    (inner, key, depth) => (depth === 0 ? `${key}: ${inner}` : `{ ${key}: ${inner} }`),
    `[${quoted(date)}]`,
  );

// Without quotes Pulumi takes it for a time, and hands it over in another form.
const quoted = (date: string) => JSON.stringify(date);

/** As a line of its own, behind the line in which `end` lies. */
function line(end: number, text: string, added: string): Insertion {
  if (end === 0 || text[end - 1] === "\n") return { at: end, text: added };
  const newline = text.indexOf("\n", end);
  return newline < 0 ? { at: text.length, text: `\n${added}` } : { at: newline + 1, text: added };
}

const columnOf = (offset: number, text: string) =>
  offset - (text.lastIndexOf("\n", offset - 1) + 1);

const rangeOf = (node: unknown) =>
  isMap(node) || isSeq(node) || isScalar(node) ? node.range : undefined;

const startOf = (node: unknown): number | undefined => rangeOf(node)?.[0];

/** Where the last thing written in a node ends: a block's own range goes on over comments behind it. */
function endOf(node: unknown): number {
  if (isPair(node)) return isEmpty(node.value) ? endOf(node.key) : endOf(node.value);
  if ((isMap(node) || isSeq(node)) && !node.flow && node.items.length > 0)
    return endOf(node.items.at(-1));
  return rangeOf(node)?.[1] ?? 0;
}
