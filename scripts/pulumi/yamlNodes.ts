/** Where the nodes of a YAML document stand in its text: offsets, for edits that leave the rest alone. */
import { type Document, isMap, isPair, isScalar, isSeq, type YAMLSeq } from "yaml";
import * as z from "zod";

/** An entry of a list of settings. */
export type Item = string | number;

/** `turnkey:keys.rotations` is `["turnkey:keys", "rotations"]`. */
export type ListPath = readonly string[];

/** A stack's own settings stand below this key of its file. */
export const CONFIG = "config";

/** Whether nothing stands behind a key. */
export const isEmpty = (node: unknown): boolean =>
  node === null || node === undefined || (isScalar(node) && node.value === null);

const rangeOf = (node: unknown) =>
  isMap(node) || isSeq(node) || isScalar(node) ? node.range : undefined;

export const startOf = (node: unknown): number | undefined => rangeOf(node)?.[0];

/** Where the last thing written in a node ends: a block's own range goes on over comments behind it. */
export function endOf(node: unknown): number {
  if (isPair(node)) return isEmpty(node.value) ? endOf(node.key) : endOf(node.value);
  if ((isMap(node) || isSeq(node)) && !node.flow && node.items.length > 0)
    return endOf(node.items.at(-1));
  return rangeOf(node)?.[1] ?? 0;
}

/** The list at a path below `config`, and its key; undefined where something else or nothing stands. */
export function listAt(
  document: Document.Parsed,
  path: ListPath,
): { readonly key: unknown; readonly list: YAMLSeq } | undefined {
  let node: unknown = document.contents;
  let key: unknown;
  for (const name of [CONFIG, ...path]) {
    if (!isMap(node)) return undefined;
    const pair = node.items.find((it) => isScalar(it.key) && it.key.value === name);
    if (!pair) return undefined;
    ({ key, value: node } = pair);
  }
  return isSeq(node) ? { key, list: node } : undefined;
}

/** A document's value with the list at a path below `config` changed; what is missing on the way is made. */
export function withList(
  document: unknown,
  path: ListPath,
  change: (list: readonly unknown[]) => readonly unknown[],
): unknown {
  const at = (value: unknown, [key, ...rest]: readonly string[]): unknown => {
    if (key === undefined) return change(Array.isArray(value) ? value : []);
    const present = z.record(z.string(), z.unknown()).safeParse(value).data ?? {};
    return { ...present, [key]: at(present[key], rest) };
  };
  return at(document, [CONFIG, ...path]);
}
