import { describe, expect, test } from "@jest/globals";
import * as z from "zod";
import type { Exception } from "../../policy/exceptions.ts";
import { judge } from "../../policy/judge.ts";
import type { AnyRule, Finding, ResourceRule, StackRule } from "../../policy/rule.ts";
import { PolicyConfigError } from "../../policy/ruleSettings.ts";
import { resource } from "../support/policy.ts";

const FINDING: Finding = { what: "is wrong", seen: "size is 2", mend: "set size to 1" };
const HEAD = { description: "Nothing is wrong.", level: "mandatory", severity: "high" } as const;

const config = z.strictObject({ most: z.int().default(1), words: z.array(z.string()).default([]) });
/** Finds resources that are larger than `most`. */
const size: ResourceRule<z.infer<typeof config>> = {
  ...HEAD,
  name: "size",
  mirrors: ["CKV_1", "CKV_2"],
  config,
  checkResource: ({ props }, { most }) => (Number(props["size"]) > most ? [FINDING] : []),
};
/** Finds each part of the first resource, and the stack where there are no resources. */
const parts: StackRule = {
  ...HEAD,
  name: "parts",
  mirrors: [],
  checkStack: ([first]) =>
    first ? ["api", "edge"].map((part) => ({ ...FINDING, resource: first, part })) : [FINDING],
};
const small = resource("a:b:Thing", { size: 1 }, { name: "small" });
const large = resource(
  "a:b:Thing",
  { size: 2 },
  { name: "large", under: ["x:y:Outer", "x:y:Inner"] },
);

const messagesOf = (...args: Parameters<typeof judge>) =>
  judge(...args).violations.map(({ message }) => message);

test("a message has the resource, what is wrong, the value seen, the mend and the rules that say the same", () => {
  expect(messagesOf([size], [small, large])).toEqual([
    "large: is wrong: size is 2 - set size to 1 (like CKV_1, CKV_2)",
  ]);
});

test("a message names the part of a resource, and the stack where it is about no resource", () => {
  expect(messagesOf([parts], [large])).toEqual([
    "large, api: is wrong: size is 2 - set size to 1",
    "large, edge: is wrong: size is 2 - set size to 1",
  ]);
  expect(messagesOf([parts], [])).toEqual(["the stack: is wrong: size is 2 - set size to 1"]);
});

test("a violation has its rule, level, severity and resource", () => {
  expect(judge([size], [large]).violations).toEqual([
    expect.objectContaining({
      rule: "size",
      level: "mandatory",
      severity: "high",
      resource: large,
    }),
  ]);
});

const levels = (given: Parameters<typeof judge>[2]) =>
  judge([size], [large], given).violations.map(({ level }) => level);

describe("configuration", () => {
  test("sets what a rule takes, and leaves the rest as it is", () => {
    expect(judge([size], [large], { config: { size: { most: 2 } } }).violations).toEqual([]);
    expect(judge([size], [small], { config: { size: { most: 0 } } }).violations).toHaveLength(1);
  });

  test("sets a rule's level, in one word or beside the rest", () => {
    expect(levels({ config: { size: "advisory" } })).toEqual(["advisory"]);
    expect(levels({ config: { size: { enforcementLevel: "advisory", most: 1 } } })).toEqual([
      "advisory",
    ]);
    expect(levels({ config: { size: "disabled" } })).toEqual([]);
    expect(levels({ config: { parts: "disabled" } })).toEqual(["mandatory"]);
  });

  test.each<readonly [string, Readonly<Record<string, unknown>>, AnyRule, RegExp]>([
    [
      "a value of another type",
      { most: "2" },
      size,
      /configuration of size is wrong\n {2}most: .*number/,
    ],
    ["a key that there is not", { least: 1 }, size, /Unrecognized key: "least"/],
    [
      "a key for a rule that takes none",
      { most: 1 },
      parts,
      /of parts is wrong\n.*Unrecognized key/,
    ],
    [
      "an exception without a reason",
      { exceptions: [{ name: "a", matches: { name: "b" } }] },
      size,
      /exceptions\.0\.reason/,
    ],
    [
      "an exception that fits everything",
      { exceptions: [{ name: "a", matches: {}, reason: "it is well known" }] },
      size,
      /exceptions\.0\.matches: an exception says what it is for/,
    ],
  ])("%s is told, with its place", (_, given, rule, text) => {
    const run = () => judge([rule], [large], { config: { [rule.name]: given } });
    expect(run).toThrow(PolicyConfigError);
    expect(run).toThrow(text);
  });
});

const exception = (change: Partial<Exception> = {}): Exception => ({
  name: "meant-so",
  rule: "size",
  matches: { name: "large" },
  reason: "it is well known",
  ...change,
});
const verdict = (it: Exception) => judge([size], [small, large], { exceptions: [it] });

describe("an exception", () => {
  test.each<readonly [string, Exception["matches"]]>([
    ["the name", { name: "large" }],
    ["a part of the name", { name: "l*e" }],
    ["the type", { type: "a:b:Thing" }],
    ["a component around it", { under: "x:y:Outer" }],
    ["the component right around it", { under: "x:y:Inner", type: "a:b:Thing", name: "*" }],
  ])("that fits by %s takes a violation away, and is told", (_, matches) => {
    const it = exception({ matches });
    expect(verdict(it)).toEqual({ violations: [], usedExceptions: [it] });
  });

  test.each<readonly [string, Partial<Exception>]>([
    ["another rule", { rule: "parts" }],
    ["another name", { matches: { name: "larg" } }],
    ["a name in which a dot is no dot", { matches: { name: "lar.e" } }],
    ["another type", { matches: { type: "a:b:Thin", name: "large" } }],
    ["another component", { matches: { under: "x:y:Out" } }],
    ["its own type as a component", { matches: { under: "a:b:Thing" } }],
    ["a part, of which there is none", { matches: { part: "*" } }],
  ])("for %s does nothing, and is not told", (_, change) => {
    const { violations, usedExceptions } = verdict(exception(change));
    expect(violations).toHaveLength(1);
    expect(usedExceptions).toEqual([]);
  });

  test("for a part leaves the other parts to be found", () => {
    const it = exception({ rule: "parts", matches: { part: "ed*" } });
    const { violations, usedExceptions } = judge([parts], [large], { exceptions: [it] });
    expect(violations.map(({ finding }) => finding.part)).toEqual(["api"]);
    expect(usedExceptions).toEqual([it]);
  });

  test("is told once, however often it is used", () => {
    const it = exception({ matches: { type: "a:b:Thing" } });
    const run = judge([size], [large, { ...large, name: "larger" }], { exceptions: [it] });
    expect(run).toEqual({ violations: [], usedExceptions: [it] });
  });

  test("may come with a rule's configuration", () => {
    const own = { name: "ours", matches: { name: "large" }, reason: "it is well known" };
    const run = judge([size], [large], { config: { size: { exceptions: [own] } } });
    expect(run).toEqual({ violations: [], usedExceptions: [{ ...own, rule: "size" }] });
  });

  test("does not hold for what is said of the whole stack", () => {
    const it = exception({ rule: "parts", matches: { name: "*" } });
    expect(judge([parts], [], { exceptions: [it] }).violations).toHaveLength(1);
  });
});
