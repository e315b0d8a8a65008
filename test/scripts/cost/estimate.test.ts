import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { CALL_GB_PER_HOUR } from "../../../scripts/cost/assumptions.ts";
import { estimate } from "../../../scripts/cost/estimate.ts";
import { type Price, PRICE_UNITS, priceItems } from "../../../scripts/cost/priceTable.ts";
import type { CostInput } from "../../../scripts/cost/quantities.ts";

const price = (item: Price["item"], usd: number): Price => ({
  item,
  ...(item === "instance" && { type: "c7g.large" }),
  region: "us-east-1",
  usd,
  per: PRICE_UNITS[item],
  source: "https://example.com",
  read: "2030",
  basis: "memory",
});
/** Round prices, so that sums can be seen. */
const usd: Readonly<Record<Price["item"], number>> = {
  instance: 0.1,
  publicIpv4: 0.005,
  gp3: 0.1,
  kmsKey: 1,
  logsIn: 0.5,
  logsKept: 0.03,
  metric: 0.3,
  alarm: 0.1,
  dashboard: 3,
  images: 0.1,
  dataOut: 0.09,
};
const table = priceItems.map((item) => price(item, usd[item]));

const input: CostInput = {
  region: "us-east-1",
  instanceType: "c7g.large",
  volumeGib: 20,
  logRetentionDays: 90,
  dashboard: false,
  flowLogs: false,
  buildsImage: false,
  relayedGb: 1_100,
};

const sums = (changed: Partial<CostInput> = {}, prices = table) =>
  estimate({ ...input, ...changed }, prices).lines.map((it) => [it.name, it.usdPerMonth]);

const plain = [
  ["instance", 73],
  ["address", 3.65],
  ["volume", 2],
  ["KMS key", 1],
  ["logs written", 0.5],
  ["logs kept", 0.09],
  ["EC2 metrics", 2.1],
  ["node metrics", 2.7],
  ["alarms", 0.9],
];

test.each<[string, Partial<CostInput>, unknown[]]>([
  ["a plain stack", {}, plain],
  ["a dashboard", { dashboard: true }, [...plain, ["dashboard", 3]]],
  ["an image of its own", { buildsImage: true }, [...plain, ["API images", 0.1]]],
  ["flow logs, whose sum nobody knows", { flowLogs: true }, [...plain, ["flow logs", undefined]]],
])("the lines of %s", (_name, changed, lines) => {
  expect(sums(changed)).toEqual(lines);
});

test.each([
  [0, 0],
  [100, 0],
  [101, 0.09],
  [1_100, 90],
])("%d GB out cost %d, as the first 100 are free", (relayedGb, cost) => {
  const result = estimate({ ...input, relayedGb }, table);
  expect(result.traffic.usdPerMonth).toBe(cost);
  expect(result.fixedUsd).toBe(85.94);
  expect(result.totalUsd).toBeCloseTo(85.94 + cost, 10);
});

test("a relayed GB is one GB out, a call-hour what both people receive", () => {
  // 2 people x 1.5 Mbit/s x 3600 s are 10.8 Gbit.
  expect(CALL_GB_PER_HOUR).toBeCloseTo(10.8e9 / 8 / 2 ** 30, 10);
  expect(estimate(input, table)).toMatchObject({ usdPerRelayedGb: 0.09, usdPerCallHour: 0.11 });
});

test("what has no price is named and left out of the sums", () => {
  const result = estimate({ ...input, instanceType: "x9.huge", flowLogs: true }, table);
  expect(result.missing).toEqual(["instance", "flow logs"]);
  expect(result.fixedUsd).toBe(12.94);
});

test("without the price of traffic nothing is said of it", () => {
  const result = estimate(
    input,
    table.filter((it) => it.item !== "dataOut"),
  );
  expect(result.missing).toEqual(["relayed traffic"]);
  expect(result).not.toHaveProperty("usdPerRelayedGb");
});

test("the prices that were taken are told, each region's own before others", () => {
  const own = { ...price("gp3", 0.2), region: "eu-central-1" };
  const { prices, lines } = estimate({ ...input, region: "eu-central-1" }, [...table, own]);
  expect(prices).toContain(own);
  expect(lines.find((it) => it.name === "volume")?.usdPerMonth).toBe(4);
});

test("the sums are those of the lines as they are shown", () => {
  const amount = fc.double({ min: 0.0001, max: 20, noNaN: true });
  fc.assert(
    fc.property(
      fc.record({ volumeGib: fc.nat(16_384), relayedGb: fc.nat(1e7) }),
      fc.array(amount, { minLength: priceItems.length, maxLength: priceItems.length }),
      (changed, amounts) => {
        const prices = priceItems.map((item, index) => price(item, amounts[index] ?? 1));
        const { lines, traffic, fixedUsd, totalUsd } = estimate({ ...input, ...changed }, prices);
        const inCents = (of: typeof lines) =>
          of.reduce((sum, it) => sum + Math.round((it.usdPerMonth ?? 0) * 100), 0);
        expect(Math.round(fixedUsd * 100)).toBe(inCents(lines));
        expect(Math.round(totalUsd * 100)).toBe(inCents([...lines, traffic]));
      },
    ),
  );
});
