/** Takes an entry out of a list of settings in the text of a stack's file, and leaves every other character as it is. */
import { isDeepStrictEqual } from "node:util";
import { isScalar, parse, parseDocument, type YAMLSeq } from "yaml";
import { endOf, type Item, type ListPath, listAt, startOf, withList } from "./yamlNodes.ts";

/** Text to put in the place of what stands from one offset to another. */
interface Cut {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * The text without the entry, wherever it stands in the list at a path below `config`; a comment on
 * its line goes with it. Undefined when it is not there or cannot be taken out so: what comes out is
 * read again, and must hold all that was there but the entry.
 */
export function removeFromList(text: string, path: ListPath, item: Item): string | undefined {
  const without = removeFirst(text, path, item);
  return without === undefined ? undefined : (removeFromList(without, path, item) ?? without);
}

function removeFirst(text: string, path: ListPath, item: Item): string | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  const found = listAt(document, path);
  const index = found?.list.items.findIndex((it) => isScalar(it) && it.value === item) ?? -1;
  if (!found || index < 0) return undefined;
  const { key, list } = found;
  const cuts = list.flow ? [fromFlow(list, index)] : fromBlock(text, key, list, index);
  const changed = cuts
    .toSorted((a, b) => b.from - a.from)
    .reduce((rest, it) => rest.slice(0, it.from) + it.text + rest.slice(it.to), text);
  const wanted = withList(document.toJS(), path, (items) => items.toSpliced(index, 1));
  return isDeepStrictEqual(parse(changed), wanted) ? changed : undefined;
}

/** With the comma before it, or the one behind where it is the first. */
function fromFlow({ items }: YAMLSeq, index: number): Cut {
  const [before, own, next] = [items[index - 1], items[index], items[index + 1]];
  const start = startOf(own) ?? 0;
  if (before !== undefined) return { from: endOf(before), to: endOf(own), text: "" };
  return { from: start, to: next === undefined ? endOf(own) : (startOf(next) ?? start), text: "" };
}

/** The entry's lines; a list that is empty then needs brackets, as a key with nothing behind it is no list. */
function fromBlock(text: string, key: unknown, { items }: YAMLSeq, index: number): Cut[] {
  const own = items[index];
  const newline = text.indexOf("\n", endOf(own));
  const line = {
    from: text.lastIndexOf("\n", (startOf(own) ?? 0) - 1) + 1,
    to: newline < 0 ? text.length : newline + 1,
    text: "",
  };
  const colon = text.indexOf(":", endOf(key)) + 1;
  return items.length > 1 ? [line] : [line, { from: colon, to: colon, text: " []" }];
}
