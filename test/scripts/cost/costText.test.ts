import { expect, test } from "@jest/globals";
import { costText } from "../../../scripts/cost/costText.ts";
import { estimate } from "../../../scripts/cost/estimate.ts";
import { type Price, PRICE_UNITS, priceItems } from "../../../scripts/cost/priceTable.ts";
import type { CostInput } from "../../../scripts/cost/quantities.ts";

const input: CostInput = {
  region: "eu-central-1",
  instanceType: "c7g.large",
  volumeGib: 20,
  logRetentionDays: 30,
  dashboard: true,
  flowLogs: true,
  buildsImage: true,
  relayedGb: 1_000,
};

const tableOf = (region: string, origin: Pick<Price, "basis" | "read">): Price[] =>
  priceItems.map((item) => ({
    item,
    ...(item === "instance" && { type: "c7g.large" }),
    region,
    usd: 0.5,
    per: PRICE_UNITS[item],
    source: "https://example.com",
    ...origin,
  }));

const memory = tableOf("us-east-1", { basis: "memory", read: "2025" });
const list = tableOf("eu-central-1", { basis: "price list", read: "2030-01-31" });

const textOf = (changed: Partial<CostInput>, table: readonly Price[]) =>
  costText("prod", { ...input, ...changed }, estimate({ ...input, ...changed }, table));

test("the whole text", () => {
  expect(textOf({}, memory)).toMatchSnapshot();
});

test("prices from memory are called approximate, and another region's are named", () => {
  const text = textOf({}, memory);
  expect(text).toContain("approximate prices, from memory of 2025");
  expect(text).toContain("eu-central-1 is not in the table for all of it: prices of us-east-1");
});

test("prices that were read have their day, and nothing is approximate", () => {
  const text = textOf({ flowLogs: false }, [...memory, ...list]);
  expect(text).toContain("prices from AWS's price list, read 2030-01-31");
  expect(text).not.toMatch(/approximate|us-east-1|at least/);
});

test("an instance type without a price is an open line, with what adds it", () => {
  const text = textOf({ instanceType: "x9.huge", flowLogs: false }, memory);
  expect(text).toMatch(/^instance +x9\.huge +730 +\? per hour +\?$/m);
  expect(text).toMatch(/^at least +without instance /m);
  expect(text).toContain("npm run prices -- --region eu-central-1 --type x9.huge");
});

test("no line ends in spaces", () => {
  expect(textOf({}, memory)).not.toMatch(/ $/m);
});
