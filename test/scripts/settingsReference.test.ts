import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { settingsReference } from "../../scripts/settingsReference.ts";

test("docs/settings.md says what the schema says; npm run docs writes it", () => {
  const file = join(import.meta.dirname, "..", "..", "docs", "settings.md");
  expect(readFileSync(file, "utf8")).toBe(settingsReference());
});

test("every setting says what it is for and has a default or says why not", () => {
  const rows = settingsReference()
    .split("\n")
    .filter((it) => it.startsWith("| `") && !it.startsWith("| `target`"));
  expect(rows.length).toBeGreaterThan(10);
  for (const it of rows) expect(it).toMatch(/^\| `[\w.[\]]+` \| [^|]+ \| [^|]+ \| [^|]{10,} \|$/);
});
