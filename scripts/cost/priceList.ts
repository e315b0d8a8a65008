/** Reading one file of AWS's price list as it arrives: that of EC2 alone has some hundred MB a region. */
import { UserError } from "../userError.ts";
import { csvFields } from "./csv.ts";
import type { Listed } from "./listedPrices.ts";

/** Where the files are; public, without an account. */
export const PRICE_LIST = "https://pricing.us-east-1.amazonaws.com";

/** A service's prices in a region (Price List Bulk API, offers/v1.0). */
export const priceListUrl = (base: string, service: string, region: string): string =>
  `${base}/offers/v1.0/aws/${service}/current/${region}/index.csv`;

/** Columns by name; what stands above them in the file is about the file. */
type Columns = ReadonlyMap<string, number>;

/** Dollars by listing, of those that the file has. Throws a UserError where it cannot be read, or has two prices of one. */
export async function readPrices(
  url: string,
  region: string,
  wanted: readonly Listed[],
): Promise<ReadonlyMap<Listed, number>> {
  const found = new Map<Listed, number>();
  let columns: Columns | undefined;
  for await (const line of linesOf(url)) {
    if (columns === undefined) {
      columns = headerOf(line);
      continue;
    }
    // Looked for in the text first, as splitting a line costs more than a million lines allow.
    const candidates = wanted.filter(({ usageType }) => line.includes(usageType));
    if (candidates.length === 0) continue;
    const row = rowOf(csvFields(line), columns);
    for (const listed of candidates) {
      const usd = priceIn(row, listed, region);
      if (usd === undefined) continue;
      const before = found.get(listed);
      if (before !== undefined && before !== usd)
        throw new UserError(`${url} has two prices of ${listed.usageType}: ${before} and ${usd}`);
      found.set(listed, usd);
    }
  }
  if (columns === undefined) throw new UserError(`${url} is no price list: no line names columns`);
  return found;
}

function headerOf(line: string): Columns | undefined {
  const names = csvFields(line);
  return names[0] === "SKU" ? new Map(names.map((name, index) => [name, index])) : undefined;
}

type Row = (column: string) => string;

const rowOf =
  (fields: readonly string[], columns: Columns): Row =>
  (column) => {
    const index = columns.get(column);
    return index === undefined ? "" : (fields[index] ?? "");
  };

/** Dollars of the first step on demand, when the row is the listing's; free ones are of other terms. */
function priceIn(row: Row, { usageType, operation }: Listed, region: string): number | undefined {
  const usd = Number(row("PricePerUnit"));
  const isIt =
    row("TermType") === "OnDemand" &&
    row("Currency") === "USD" &&
    row("StartingRange") === "0" &&
    withoutPrefix(row("usageType"), region) === usageType &&
    (operation === undefined || row("operation") === operation);
  return isIt && usd > 0 ? usd : undefined;
}

/** A usage type begins with a short name of the region (EUC1-), for keys with its code, at home with none. */
const withoutPrefix = (usageType: string, region: string) =>
  usageType.startsWith(`${region}-`)
    ? usageType.slice(region.length + 1)
    : usageType.replace(/^[A-Z]{2,4}\d?-/, "");

async function* linesOf(url: string): AsyncGenerator<string> {
  const failed = (why: string, cause?: unknown) =>
    new UserError(`${url} cannot be read: ${why}`, ["look at the network, and try again"], {
      cause,
    });
  let rest = "";
  try {
    const answer = await fetch(url);
    if (!answer.ok || answer.body === null) throw failed(`status ${answer.status}`);
    for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
      const lines = `${rest}${text}`.split(/\r?\n/);
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw failed(reasonOf(error), error);
  }
  if (rest !== "") yield rest;
}

/** fetch says "fetch failed" or "terminated", and why in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
