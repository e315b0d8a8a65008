/** `npm run prices -- [--region eu-central-1] [--type c7g.xlarge]`: renews prices/aws.json from AWS's price list. */
import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { tellError } from "./commands/tellError.ts";
import { PRICE_LIST } from "./cost/priceList.ts";
import { PRICE_FILE, readPriceTable } from "./cost/priceTable.ts";
import { renewPrices } from "./cost/renewPrices.ts";

const { region, type } = new Command("npm run prices --")
  .description("renew prices/aws.json from AWS's price list, which needs no account")
  .option("--region <name...>", "regions to read, some hundred MB each. Default: the table's")
  .option("--type <name...>", "instance types to add to those of the table")
  .showHelpAfterError()
  .parse()
  .opts<{ region?: string[]; type?: string[] }>();

try {
  const old = readPriceTable();
  const { table, missing } = await renewPrices(old, {
    regions: region ?? [...new Set(old.map((it) => it.region))],
    types: [...new Set([...old.flatMap((it) => it.type ?? []), ...(type ?? [])])],
    base: PRICE_LIST,
    today: new Date().toISOString().slice(0, 10),
    tell: (url) => console.error(`reading ${url}`),
  });
  writeFileSync(PRICE_FILE, `${JSON.stringify(table, undefined, 2)}\n`);
  console.log(`${PRICE_FILE} has ${table.length} prices`);
  for (const it of missing) console.error(`not in the price list: ${it}`);
  process.exitCode = missing.length > 0 ? 1 : 0;
} catch (error) {
  tellError(error);
  process.exitCode = 1;
}
