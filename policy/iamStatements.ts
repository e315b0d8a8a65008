/** IAM policy documents, as far as rules judge them. */
import * as z from "zod";
import { isGiven, peek, shown, textsOf } from "./known.ts";

export interface Statement {
  /** Its `Sid`, or its number from 1. */
  readonly label: string;
  readonly allows: boolean;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Whether it names what it is not about, and so is about everything else. */
  readonly inverted: boolean;
  /** Kind of principal and who: `["Service", "ec2.amazonaws.com"]`; everybody is `["*", "*"]`. */
  readonly principals: readonly (readonly [kind: string, who: string])[];
  /** `["StringEquals", "cloudwatch:namespace", "Mine"]`, for each value. */
  readonly conditions: readonly (readonly [operator: string, key: string, value: string])[];
}

const Json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue("not JSON");
    return z.NEVER;
  }
});

/** The statements of a document, given as JSON text or as an object; undefined where it is neither. */
export function statementsOf(document: unknown): readonly Statement[] | undefined {
  const read = typeof document === "string" ? Json.safeParse(document).data : document;
  if (typeof read !== "object" || read === null) return undefined;
  const given = peek(read, "Statement");
  const list = Array.isArray(given) ? Array.from(given.keys(), (it) => peek(given, it)) : [given];
  return list
    .filter((it) => typeof it === "object" && it !== null)
    .map((it, index) => ({
      label: textsOf(it, "Sid")[0] ?? `${index + 1}`,
      allows: peek(it, "Effect") === "Allow",
      actions: textsOf(it, "Action"),
      resources: textsOf(it, "Resource"),
      inverted: ["NotAction", "NotResource", "NotPrincipal"].some((key) => isGiven(it, key)),
      principals: principalsOf(peek(it, "Principal")),
      conditions: conditionsOf(peek(it, "Condition")),
    }));
}

function principalsOf(given: unknown): Statement["principals"] {
  if (given === "*") return [["*", "*"]];
  if (typeof given !== "object" || given === null) return [];
  return Object.keys(given).flatMap((kind) =>
    textsOf(given, kind).map((who) => [kind, who] as const),
  );
}

function conditionsOf(given: unknown): Statement["conditions"] {
  if (typeof given !== "object" || given === null) return [];
  return Object.keys(given).flatMap((operator) => {
    const keys = peek(given, operator);
    if (typeof keys !== "object" || keys === null) return [];
    return Object.keys(keys).flatMap((key) => {
      const value = peek(keys, key);
      const flag = typeof value === "boolean" || typeof value === "number" ? [`${value}`] : [];
      return [...textsOf(keys, key), ...flag].map((it) => [operator, key, it] as const);
    });
  });
}

/** Operators that nothing passes which has not got the key; `...IfExists`, `Null`, `ForAllValues:` and negations let it through. */
const HOLDING = /^(?:ForAnyValue:)?(?:String|Arn)(?:Equals|EqualsIgnoreCase|Like)$/;

const ANYTHING = /^[*?]+$/;

/** Whether conditions hold a statement to values of one of these keys; one value that may be anything undoes that. */
export const isHeldTo = (
  { conditions }: Statement,
  isWanted: (key: string) => boolean,
  isWide: (value: string) => boolean = (value) => ANYTHING.test(value),
): boolean =>
  [
    ...Map.groupBy(
      conditions.filter(([operator, key]) => HOLDING.test(operator) && isWanted(key)),
      ([operator, key]) => `${operator} ${key}`,
    ).values(),
  ].some((its) => its.every(([, , value]) => !isWide(value)));

/** A statement as messages name it. */
export const statementText = ({ label }: Statement, key: string, value: unknown): string =>
  `statement ${label} has ${key} ${shown(value)}`;
