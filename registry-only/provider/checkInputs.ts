import { autoname } from "./autoname.ts";
import type { Naming } from "./autoname.ts";
import type { Bridge, Failure, Field, Fields, FieldType } from "./kind.ts";
import { isProps, UNKNOWN } from "./value.ts";
import type { Props, Value } from "./value.ts";

/** Where a refused input was found, for the message: `docker` and `Container`. */
export interface Owner {
  readonly provider: string;
  readonly kind: string;
}

/** Inputs as the engine shall keep them, and everything that is wrong with what was given. */
export interface Checked {
  readonly inputs: Props;
  readonly failures: readonly Failure[];
}

/**
 * Checks what a program gave against the fields a stand-in knows, and adds defaults and, with
 * `naming`, names.
 */
export function checkInputs(
  owner: Owner,
  fields: Fields,
  news: Props,
  bridge: Bridge,
  naming?: Naming,
): Checked {
  const failures: Failure[] = [];
  const fail = (property: string, reason: string) => failures.push({ property, reason });

  const defaultOf = (name: string, field: Field, path: string): Value | undefined =>
    field.autoname && naming && path === ""
      ? autoname(field.autoname, name, naming)
      : field.default;

  const checkObject = (known: Fields, given: Props, path: string): Props => {
    const inputs: Props = {};
    for (const [name, value] of Object.entries(given)) {
      const field = known[name];
      if (field !== undefined && value !== null) {
        inputs[name] = checkValue(field.type, value, path + name);
        const wrong = notAllowed(field, value);
        if (wrong !== undefined) fail(path + name, wrong);
      } else if (field === undefined && name !== "__defaults") {
        fail(path + name, unknownInput(owner, path + name, known));
      }
    }
    const added: string[] = [];
    for (const [name, field] of Object.entries(known)) {
      if (inputs[name] !== undefined) continue;
      if (field.required) fail(path + name, `is required by ${owner.kind} and not given`);
      const value = defaultOf(name, field, path);
      if (value === undefined) continue;
      inputs[name] = value;
      added.push(name);
    }
    return bridge === "sdk2" ? { __defaults: added.toSorted(), ...inputs } : inputs;
  };

  const checkValue = (type: FieldType, value: Value, path: string): Value => {
    if (value === UNKNOWN) return value;
    if (typeof type === "string") {
      if (!isPlain(type, value)) fail(path, `is ${describe(value)}; wanted ${article(type)}`);
      return value;
    }
    if ("list" in type || "set" in type) {
      const of = "list" in type ? type.list : type.set;
      if (Array.isArray(value)) return value.map((it, i) => checkValue(of, it, `${path}[${i}]`));
    } else if (isProps(value)) {
      if ("object" in type) return checkObject(type.object, value, `${path}.`);
      return Object.fromEntries(
        Object.entries(value).map(([key, it]) => [key, checkValue(type.map, it, `${path}.${key}`)]),
      );
    }
    const wanted = "list" in type || "set" in type ? "a list" : "an object";
    fail(path, `is ${describe(value)}; wanted ${wanted}`);
    return value;
  };

  return { inputs: checkObject(fields, news, ""), failures };
}

function unknownInput({ provider, kind }: Owner, path: string, known: Fields): string {
  return (
    `the registry-only stand-in for ${provider} does not know input ${path} of ${kind}; ` +
    `it knows ${Object.keys(known).join(", ")} - leave it out, declare it in registry-only/, ` +
    "or deploy from a machine that can download the official plugin"
  );
}

function notAllowed({ oneOf }: Field, value: Value): string | undefined {
  if (oneOf === undefined || typeof value !== "string" || oneOf.includes(value)) return undefined;
  return `is ${value}; the registry-only stand-in knows only ${oneOf.join(", ")}`;
}

function isPlain(type: "string" | "integer" | "number" | "boolean", value: Value): boolean {
  return type === "integer" ? Number.isInteger(value) : typeof value === type;
}

const article = (type: string) => (type === "integer" ? "an integer" : `a ${type}`);

// Texts and what lies inside lists are left out: they may be secret.
function describe(value: Value): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string") return "a string";
  return Array.isArray(value) ? "a list" : "an object";
}
