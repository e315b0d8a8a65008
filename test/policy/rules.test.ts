import { expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { judge } from "../../policy/judge.ts";
import { ourExceptions } from "../../policy/ourExceptions.ts";
import { rules } from "../../policy/rules/index.ts";

const POLICY = join(import.meta.dirname, "..", "..", "policy");
const sources = readdirSync(POLICY, { recursive: true, encoding: "utf8" })
  .filter((it) => it.endsWith(".ts"))
  .map((it) => ({ path: it, text: readFileSync(join(POLICY, it), "utf8") }));

test("every rule has a name of its own, in kebab-case", () => {
  const names = rules.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
});

test("every rule that is written is in the list", () => {
  const written = sources
    .filter(({ path }) => path.startsWith("rules"))
    .flatMap(({ text }) => /^ {2}name: "([a-z0-9-]+)",$/m.exec(text)?.[1] ?? []);
  expect(written.toSorted()).toEqual(rules.map(({ name }) => name).toSorted());
});

test("every rule says in one sentence what holds where it passes", () => {
  for (const { description } of rules) expect(description).toMatch(/^[A-Z][^\n]*[.]$/);
});

test("nothing found, and no error, in a stack without resources", () => {
  expect(judge(rules, []).violations).toEqual([]);
});

test("the pack needs nothing of Turnkey's own program", () => {
  const outside = sources.flatMap(({ path, text }) =>
    [...text.replaceAll(/^import type .*$/gm, "").matchAll(/from "(\.[^"]+)"/g)]
      .map(([, to = ""]) => join(POLICY, path, "..", to))
      .filter((to) => !to.startsWith(POLICY)),
  );
  // The form of the document that a node of ours is told by; it imports nothing itself.
  expect(outside).toEqual([join(POLICY, "..", "plan", "nodeDocument.ts")]);
});

test("our exceptions are to rules that there are, and each is held to a component of ours", () => {
  for (const { rule, matches } of ourExceptions) {
    expect(rules.map(({ name }) => name)).toContain(rule);
    expect(matches.under).toMatch(/^turnkey:/);
  }
});
