import { type Listed, listedPrices } from "./listedPrices.ts";
import { priceListUrl, readPrices } from "./priceList.ts";
import { type Price, PRICE_UNITS } from "./priceTable.ts";

export interface Renewal {
  readonly regions: readonly string[];
  /** Instance types. */
  readonly types: readonly string[];
  /** Where the price list is. */
  readonly base: string;
  /** ISO 8601. */
  readonly today: string;
  /** Told of each file before it is read. */
  readonly tell: (url: string) => void;
}

/** The table with what the list has in place of what it had; `missing` is what the list does not have, whose rows stay. */
export async function renewPrices(
  table: readonly Price[],
  { regions, types, base, today, tell }: Renewal,
): Promise<{ table: readonly Price[]; missing: readonly string[] }> {
  const wanted = listedPrices(types);
  const renewed: Price[] = [];
  const missing: string[] = [];
  for (const region of regions)
    for (const service of new Set(wanted.map((it) => it.service))) {
      const source = priceListUrl(base, service, region);
      tell(source);
      const ofService = wanted.filter((it) => it.service === service);
      // One after the other: a region's file of EC2 fills most lines by itself.
      // oxlint-disable-next-line no-await-in-loop
      const found = await readPrices(source, region, ofService);
      for (const listed of ofService) {
        const usd = found.get(listed);
        if (usd === undefined) missing.push(`${listed.usageType} in ${region}`);
        else renewed.push(rowOf(listed, { region, usd, source, today }));
      }
    }
  const kept = table.filter((old) => !renewed.some((it) => isSame(it, old)));
  return { table: [...kept, ...renewed].toSorted(byPlace), missing };
}

const rowOf = (
  { item, type }: Listed,
  { region, usd, source, today }: { region: string; usd: number; source: string; today: string },
): Price => ({
  item,
  ...(type !== undefined && { type }),
  region,
  usd,
  per: PRICE_UNITS[item],
  source,
  read: today,
  basis: "price list",
});

const isSame = (a: Price, b: Price) =>
  a.item === b.item && a.type === b.type && a.region === b.region;

const items = Object.keys(PRICE_UNITS);

/** By region, then as the items are listed, then by type: a renewal changes few lines. */
const byPlace = (a: Price, b: Price) =>
  a.region.localeCompare(b.region) ||
  items.indexOf(a.item) - items.indexOf(b.item) ||
  (a.type ?? "").localeCompare(b.type ?? "");
