import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import {
  readyForSuites,
  REAL,
  suiteNeeds,
  type SuiteNeed,
  unlessRefused,
} from "../../../scripts/commands/suiteNeeds.ts";
import { Refusal } from "../../../scripts/userError.ts";

const folder = join(import.meta.dirname, "..", "..", "..", REAL);
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((it) =>
  it.endsWith(".test.ts"),
);
const supports: [SuiteNeed, string][] = [
  ["browser", "browser.ts"],
  ["network tools", "networkTools.ts"],
  ["schemathesis", "schemathesis.ts"],
  ["parliament", "parliament.ts"],
];

/** A file of ours and those it imports, by whatever way. */
function reached(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, path] of readFileSync(file, "utf8").matchAll(
    /^(?:import|\}).* from "(\.[^"]+\.ts)"/gm,
  ))
    if (path) reached(join(dirname(file), path), seen);
  return seen;
}

test.each(supports)("a suite says that it needs %s exactly when it uses %s", (need, support) => {
  const file = join(folder, "..", "support", support);
  const using = files.filter((it) => reached(join(folder, it)).has(file));
  const saying = Object.keys(suiteNeeds).filter((it) => suiteNeeds[it]?.includes(need));
  expect(saying.toSorted()).toEqual(using.toSorted());
});

const refusal = new Refusal("there is no browser", ["install one"]);
const refused = () => Promise.reject(refusal);
const broken = () => Promise.reject(new Error("broken"));
const granted = () => Promise.resolve();
const python = (ready: () => Promise<void>) => ({ schemathesis: ready, parliament: ready });
const told: string[] = [];
const asked = (ci: boolean) => {
  told.length = 0;
  return { ci, tell: (line: string) => told.push(line) };
};

describe("a refusal", () => {
  const suites = ["browser.test.ts", "networkTools.test.ts", "mint.test.ts"];

  test("leaves out the suites whose need it is, and tells their names", async () => {
    const ready = { browser: refused, "network tools": granted, ...python(granted) };
    expect(await readyForSuites(suites, ready, asked(false))).toEqual(["browser.test.ts"]);
    expect(told).toEqual([
      "there is no browser\n  install one\n\nskipped, as they need it:\n  test/real/browser.test.ts\n",
    ]);
  });

  test("is a failure in CI", async () => {
    const ready = { browser: refused, "network tools": granted, ...python(granted) };
    await expect(readyForSuites(suites, ready, asked(true))).rejects.toBe(refusal);
  });

  test("is not what went wrong otherwise", async () => {
    await expect(unlessRefused(suites, broken, asked(false))).rejects.toThrow("broken");
  });
});

test("nothing is readied that no suite needs", async () => {
  const ready = { browser: refused, "network tools": refused, ...python(refused) };
  expect(await readyForSuites(["mint.test.ts"], ready, asked(true))).toEqual([]);
});
