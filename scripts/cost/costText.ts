/** An estimate as a person reads it. */
import { columns } from "../commands/columns.ts";
import { CALL, HOURS_PER_MONTH } from "./assumptions.ts";
import type { CostLine, Estimate } from "./estimate.ts";
import type { Price } from "./priceTable.ts";
import type { CostInput } from "./quantities.ts";

/** Table, sums, and where the prices come from; US dollars. */
export function costText(stack: string, input: CostInput, estimate: Estimate): string {
  const { lines, fixedUsd, traffic, totalUsd, missing } = estimate;
  const table = aligned([
    ["", "", "quantity", "price", "USD a month"],
    ...lines.map(lineCells),
    sumOf("without traffic", "", fixedUsd),
    lineCells(traffic),
    missing.length > 0
      ? sumOf("at least", `without ${missing.join(", ")}`, totalUsd)
      : sumOf("total", "", totalUsd),
  ]);
  return [
    `stack ${stack} in ${input.region}, a month of ${HOURS_PER_MONTH} hours, on demand, without taxes`,
    "",
    table,
    "",
    ...perUse(estimate),
    "",
    ...sources(input, estimate),
  ].join("\n");
}

function perUse({ usdPerRelayedGb, usdPerCallHour }: Estimate): string[] {
  if (usdPerRelayedGb === undefined || usdPerCallHour === undefined) return [];
  return [
    columns([
      ["a relayed GB", money(usdPerRelayedGb), "each GB that leaves the node; GB in are free"],
      [
        "a relayed call-hour",
        money(usdPerCallHour),
        `${CALL.people} people who each receive ${CALL.mbitPerSecond} Mbit/s`,
      ],
    ]),
  ];
}

/** Where the prices are from, which region's they are, and what no line counts. */
function sources(input: CostInput, { lines, prices }: Estimate): string[] {
  const renew = `npm run prices -- --region ${input.region} --type ${input.instanceType}`;
  const others = [...new Set(prices.map((it) => it.region))].filter((it) => it !== input.region);
  const instanceIsOpen = lines.some((it) => it.name === "instance" && it.usdPerUnit === undefined);
  return [
    ...dates(prices),
    ...(others.length > 0
      ? [`${input.region} is not in the table for all of it: prices of ${others.join(", ")}`]
      : []),
    ...(instanceIsOpen ? [`${input.instanceType} is not in the table: its line is open`] : []),
    `renew them, or add what is missing: ${renew}`,
    "not counted: requests to S3, KMS and SSM (cents), a hosted zone (0.50), e-mails, snapshots, free tiers but for traffic",
  ];
}

function dates(prices: readonly Price[]): string[] {
  const from = (basis: Price["basis"]) =>
    [...new Set(prices.filter((it) => it.basis === basis).map((it) => it.read))].toSorted();
  const memory = from("memory");
  const list = from("price list");
  return [
    ...(memory.length > 0 ? [`approximate prices, from memory of ${memory.join(", ")}`] : []),
    ...(list.length > 0 ? [`prices from AWS's price list, read ${list.join(", ")}`] : []),
  ];
}

const lineCells = ({ name, what, quantity, unit, usdPerUnit, usdPerMonth }: CostLine) => [
  name,
  what,
  quantity === undefined ? "?" : `${Math.round(quantity * 100) / 100}`,
  `${usdPerUnit ?? "?"} per ${unit}`,
  usdPerMonth === undefined ? "?" : money(usdPerMonth),
];

const sumOf = (name: string, what: string, usd: number) => [name, what, "", "", money(usd)];

const money = (usd: number) => usd.toFixed(2);

/** The last column to the right, so that the points of sums stand below each other. */
function aligned(rows: readonly (readonly string[])[]): string {
  const width = Math.max(...rows.map((row) => row.at(-1)?.length ?? 0));
  return columns(rows.map((row) => [...row.slice(0, -1), (row.at(-1) ?? "").padStart(width)]));
}
