/** What a stack on AWS costs in a month: quantities from its settings, prices from the table. */
import { CALL_GB_PER_HOUR } from "./assumptions.ts";
import { findPrice } from "./findPrice.ts";
import { type Price, PRICE_UNITS } from "./priceTable.ts";
import { type CostInput, fixedNeeds, type Need, trafficNeed } from "./quantities.ts";

export interface CostLine {
  readonly name: string;
  /** What is counted, in words. */
  readonly what: string;
  /** Undefined where settings and assumptions tell none. */
  readonly quantity?: number;
  readonly unit: string;
  /** Undefined where the table has no price, or the quantity is not known. */
  readonly usdPerUnit?: number;
  /** Whole cents; undefined with the price. */
  readonly usdPerMonth?: number;
}

export interface Estimate {
  readonly lines: readonly CostLine[];
  /** What the stack costs without traffic. */
  readonly fixedUsd: number;
  readonly traffic: CostLine;
  readonly totalUsd: number;
  /** Names of the lines without a price: the sums are without them. */
  readonly missing: readonly string[];
  readonly usdPerRelayedGb?: number;
  /** Of the call in `CALL`. */
  readonly usdPerCallHour?: number;
  /** The prices that were taken. */
  readonly prices: readonly Price[];
}

/** Multiplies; every line is rounded to cents, and the sums are those of the lines. */
export function estimate(input: CostInput, table: readonly Price[]): Estimate {
  const priceOf = ({ item, type }: Pick<Need, "item" | "type">) =>
    findPrice(table, { item, type, region: input.region });
  const line = (need: Need): CostLine => {
    const price = priceOf(need);
    return { ...quantityOf(need), ...(price && costOf(need.quantity, price.usd)) };
  };
  const needs = fixedNeeds(input);
  const lines = [...needs.map(line), ...(input.flowLogs ? [FLOW_LOGS] : [])];
  const out = trafficNeed(input);
  const traffic = line(out);
  const fixedUsd = sum(lines);
  const dataOut = priceOf(out)?.usd;
  return {
    lines,
    fixedUsd,
    traffic,
    totalUsd: cents(fixedUsd + sum([traffic])),
    missing: [...lines, traffic].filter((it) => it.usdPerMonth === undefined).map((it) => it.name),
    ...(dataOut !== undefined && {
      usdPerRelayedGb: dataOut,
      usdPerCallHour: cents(dataOut * CALL_GB_PER_HOUR),
    }),
    prices: [...needs, out].flatMap((it) => priceOf(it) ?? []),
  };
}

/** At a price for the GB, of which nobody knows how many. */
const FLOW_LOGS: CostLine = { name: "flow logs", what: "as much as there is traffic", unit: "GB" };

const quantityOf = ({ item, name, what, quantity }: Need) => ({
  name,
  what,
  quantity,
  unit: PRICE_UNITS[item],
});

const costOf = (quantity: number, usd: number) => ({
  usdPerUnit: usd,
  usdPerMonth: cents(quantity * usd),
});

const cents = (usd: number) => Math.round(usd * 100) / 100;

const sum = (lines: readonly CostLine[]) =>
  cents(lines.reduce((total, { usdPerMonth }) => total + (usdPerMonth ?? 0), 0));
