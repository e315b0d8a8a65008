import { expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "real");

/** Numbers of five digits in the stack files that a suite deploys: its ports. Those below are on addresses of its own. */
function portsOf(suite: string): Set<number> {
  const source = readFileSync(join(folder, suite), "utf8");
  const files = [...source.matchAll(/`config:\n[^`]*`/g)].map(([text]) => text).join("\n");
  return new Set(
    [...files.matchAll(/\b\d{2}_?\d{3}\b/g)].map(([it]) => Number(it.replace("_", ""))),
  );
}

test("no two real suites, which run side by side, have a port in common", () => {
  const suites = readdirSync(folder).filter((it) => it.endsWith(".test.ts"));
  const owners = new Map<number, string[]>();
  for (const suite of suites)
    for (const port of portsOf(suite)) owners.set(port, [...(owners.get(port) ?? []), suite]);
  expect(owners.size).toBeGreaterThan(100);
  expect([...owners].filter(([, all]) => all.length > 1)).toEqual([]);
});

test("every stack that a real suite deploys names its API's port for metrics: the default is a developer's", () => {
  const sources = readdirSync(folder)
    .filter((it) => it.endsWith(".test.ts"))
    .map((it) => readFileSync(join(folder, it), "utf8"));
  const apis = sources.flatMap((it) =>
    [...it.matchAll(/turnkey:api: \{.*/g)].map(([line]) => line),
  );
  expect(apis.length).toBeGreaterThan(10);
  for (const line of apis) expect(line).toContain("metricsPort");
});
