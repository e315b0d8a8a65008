import type { Price, PriceItem } from "./priceTable.ts";

/** Whose prices stand in for a region that the table does not have. */
export const STAND_IN_REGION = "us-east-1";

/** The region's price, else that of the region that stands in; undefined when the table has neither. */
export function findPrice(
  table: readonly Price[],
  { item, type, region }: { item: PriceItem; type?: string | undefined; region: string },
): Price | undefined {
  const rows = table.filter((it) => it.item === item && it.type === type);
  return (
    rows.find((it) => it.region === region) ?? rows.find((it) => it.region === STAND_IN_REGION)
  );
}
