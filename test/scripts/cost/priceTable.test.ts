import { expect, test } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPrice, STAND_IN_REGION } from "../../../scripts/cost/findPrice.ts";
import { type Price, priceItems, readPriceTable } from "../../../scripts/cost/priceTable.ts";
import { INSTANCE_TYPES } from "../../../settings/aws.ts";

const table = readPriceTable();

test("the table has each price of the region that stands in once", () => {
  const keys = table.map((it) => `${it.region} ${it.item} ${it.type ?? ""}`);
  expect(new Set(keys).size).toBe(keys.length);
  const items = table.filter((it) => it.region === STAND_IN_REGION).map((it) => it.item);
  expect(new Set(items)).toEqual(new Set(priceItems));
});

test.each(Object.values(INSTANCE_TYPES))("the table has %s, a default", (type) => {
  expect(findPrice(table, { item: "instance", type, region: STAND_IN_REGION })).toBeDefined();
});

const row: Price = {
  item: "gp3",
  region: "us-east-1",
  usd: 0.08,
  per: "GB-month",
  source: "https://example.com/prices",
  read: "2030-01-31",
  basis: "price list",
};

test.each<[string, object]>([
  ["another unit", { per: "hour" }],
  ["no source", { source: undefined }],
  ["a source that is no URL", { source: "somebody" }],
  ["no date", { read: "lately" }],
  ["a price of nothing", { usd: 0 }],
  ["a type of what has none", { type: "c7g.large" }],
  ["an instance of no type", { item: "instance", per: "hour" }],
  ["an item that nobody knows", { item: "lambda" }],
])("a row with %s is none", (_name, changed) => {
  const folder = mkdtempSync(join(tmpdir(), "prices-"));
  try {
    const file = join(folder, "aws.json");
    writeFileSync(file, JSON.stringify([row]));
    expect(readPriceTable(file)).toEqual([row]);
    writeFileSync(file, JSON.stringify([{ ...row, ...changed }]));
    expect(() => readPriceTable(file)).toThrow();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a region without a price gets that of the region that stands in", () => {
  const frankfurt = { ...row, region: "eu-central-1", usd: 0.0952 };
  const find = (region: string) => findPrice([row, frankfurt], { item: "gp3", region })?.usd;
  expect([find("eu-central-1"), find("us-east-1"), find("eu-west-1")]).toEqual([
    0.0952, 0.08, 0.08,
  ]);
  expect(findPrice([frankfurt], { item: "gp3", region: "eu-west-1" })).toBeUndefined();
});
