/** Adds an entry to a list of settings in the text of a stack's file, and leaves every other character as it is. */
import { isDeepStrictEqual } from "node:util";
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  parse,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import {
  CONFIG,
  endOf,
  isEmpty,
  type Item,
  type ListPath,
  startOf,
  withList,
} from "./yamlNodes.ts";

/** Spaces by which a block that is new lies deeper. */
const STEP = 2;

/** Text to put in at an offset. */
interface Insertion {
  readonly at: number;
  readonly text: string;
}

/**
 * The text with the entry at the end of the list at a path below `config`; list and parents are made
 * where they are missing. Undefined when it cannot be done so, as with aliases: what comes out is read
 * again, and must hold what was there and the entry.
 */
export function appendToList(text: string, path: ListPath, item: Item): string | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  const insertion = find(document, text, [CONFIG, ...path], written(item));
  if (!insertion) return undefined;
  const { at } = insertion;
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const changed = text.slice(0, at) + insertion.text.replaceAll("\n", eol) + text.slice(at);
  const wanted = withList(document.toJS(), path, (list) => [...list, item]);
  return isDeepStrictEqual(parse(changed), wanted) ? changed : undefined;
}

// Pulumi takes a date without quotes for a time, and hands it over in another form.
const written = (item: Item) => JSON.stringify(item);

/** Goes down the path as far as there is something, and adds what is missing there. */
function find(
  document: Document.Parsed,
  text: string,
  path: ListPath,
  item: string,
): Insertion | undefined {
  let node: unknown = document.contents;
  for (const [depth, key] of path.entries()) {
    const missing = path.slice(depth);
    if (isEmpty(node))
      return depth === 0 ? inBlock(text.length, text, 0, missing, item) : undefined;
    if (!isMap(node)) return undefined;
    const pair = node.items.find((it) => isScalar(it.key) && it.key.value === key);
    if (!pair) return inMap(node, text, missing, item);
    if (isEmpty(pair.value)) return afterKey(pair.key, text, path.slice(depth + 1), item);
    node = pair.value;
  }
  return isSeq(node) ? inList(node, text, item) : undefined;
}

function inList(list: YAMLSeq, text: string, item: string): Insertion | undefined {
  if (list.flow) return inFlow(list, item);
  const first = startOf(list);
  return first === undefined
    ? undefined
    : line(endOf(list), text, `${" ".repeat(columnOf(first, text))}- ${item}\n`);
}

function inMap(map: YAMLMap, text: string, missing: ListPath, item: string): Insertion | undefined {
  if (map.flow) return inFlow(map, flow(missing, item));
  const first = startOf(map);
  return first === undefined
    ? undefined
    : inBlock(endOf(map), text, columnOf(first, text), missing, item);
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
  missing: ListPath,
  item: string,
): Insertion | undefined {
  const start = startOf(key);
  if (start === undefined) return undefined;
  return inBlock(endOf(key), text, columnOf(start, text) + STEP, missing, item);
}

const inBlock = (
  end: number,
  text: string,
  column: number,
  missing: ListPath,
  item: string,
): Insertion => {
  const indent = (depth: number) => " ".repeat(column + depth * STEP);
  const parents = missing.map((key, depth) => `${indent(depth)}${key}:\n`);
  return line(end, text, `${parents.join("")}${indent(missing.length)}- ${item}\n`);
};

const flow = (missing: ListPath, item: string): string =>
  missing.reduceRight(
    (inner, key, depth) => (depth === 0 ? `${key}: ${inner}` : `{ ${key}: ${inner} }`),
    `[${item}]`,
  );

/** As a line of its own, behind the line in which `end` lies. */
function line(end: number, text: string, added: string): Insertion {
  if (end === 0 || text[end - 1] === "\n") return { at: end, text: added };
  const newline = text.indexOf("\n", end);
  return newline < 0 ? { at: text.length, text: `\n${added}` } : { at: newline + 1, text: added };
}

const columnOf = (offset: number, text: string) =>
  offset - (text.lastIndexOf("\n", offset - 1) + 1);
