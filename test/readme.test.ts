import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
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
