import { expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { devPlan } from "./support/plans.ts";

const readme = readFileSync(join(import.meta.dirname, "..", "README.md"), "utf8");
const plan = devPlan();

test.each(plan.ports.map((it) => [it.name, it] as const))(
  "the README names the port of %s",
  (_name, { from, to }) => {
    expect(readme).toContain(from === to ? `${from}` : `${from}-${to}`);
  },
);

test.each([plan.apiUrl, plan.livekitUrl, ...plan.iceUrls.slice(1)])(
  "the README names %s",
  (url) => {
    expect(readme).toContain(url);
  },
);

const root = join(import.meta.dirname, "..");
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));

test.each(Object.keys(scripts))("the README names npm run %s", (name) => {
  expect(readme).toMatch(new RegExp(`npm (?:run (?:-s )?)?${name}(?![\\w:-])`));
});

test.each(readdirSync(join(root, "docs")).filter((it) => it.endsWith(".md")))(
  "the README leads to docs/%s",
  (name) => {
    expect(readme).toContain(`(docs/${name})`);
  },
);
