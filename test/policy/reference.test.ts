import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { policyReference } from "../../policy/reference.ts";
import { rules } from "../../policy/rules/index.ts";

test("docs/policies.md is what the rules say; `npm run docs` writes it", () => {
  const path = join(import.meta.dirname, "..", "..", "docs", "policies.md");
  expect(readFileSync(path, "utf8")).toBe(policyReference());
});

test("every rule has a section that its url leads to", () => {
  for (const { name } of rules) expect(policyReference()).toContain(`\n### ${name}\n`);
});
