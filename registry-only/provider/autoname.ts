import { createHash, randomBytes } from "node:crypto";
import type { Autoname } from "./kind.ts";
import type { Props } from "./value.ts";

/** What the engine tells in a Check about naming (pulumirpc.CheckRequest). */
export interface Naming {
  /** The resource's name in the program. */
  readonly resource: string;
  /** The inputs of last time; empty for a new resource and for the new half of a replacement. */
  readonly olds: Props;
  /** Makes the preview and the update find the same name; empty when the engine sends none. */
  readonly seed: Uint8Array;
  /** The stack's own rule (`pulumi:autonaming`), if it has one. */
  readonly proposed?: { readonly name: string; readonly mode: "propose" | "enforce" | "disable" };
}

const suffixLength = 7;

/**
 * The name of a resource that was given none: the one of last time while it was not given either,
 * else `<name in the program>-<7 hex digits>` (pulumi-terraform-bridge, pkg/tfbridge/auto_name.go).
 * Undefined where the stack switches autonaming off.
 */
export function autoname(rule: Autoname, field: string, naming: Naming): string | undefined {
  const { olds, proposed, resource, seed } = naming;
  const old = olds[field];
  const defaults = olds["__defaults"];
  if (typeof old === "string" && Array.isArray(defaults) && defaults.includes(field)) return old;
  if (proposed?.mode === "disable") return undefined;
  if (proposed?.mode === "enforce") return proposed.name;
  const name = proposed?.name ?? `${resource}-${suffix(seed)}`;
  const cased = rule.lowerCase ? name.toLowerCase() : name;
  if (cased.length <= rule.longest) return cased;
  throw new Error(
    `${field} would be ${cased}, which has ${cased.length} characters; wanted at most ` +
      `${rule.longest} - give a shorter ${field}`,
  );
}

function suffix(seed: Uint8Array): string {
  const source = seed.length > 0 ? createHash("sha256").update(seed).digest() : randomBytes(4);
  return source.toString("hex").slice(0, suffixLength);
}
