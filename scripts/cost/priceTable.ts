/** The dated table of AWS prices, prices/aws.json: what an estimate multiplies with. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { project } from "../pulumi/project.ts";

export const priceItems = [
  "instance",
  "publicIpv4",
  "gp3",
  "kmsKey",
  "logsIn",
  "logsKept",
  "metric",
  "alarm",
  "dashboard",
  "images",
  "dataOut",
] as const;
/** What has a price. */
export type PriceItem = (typeof priceItems)[number];

type Unit = "hour" | "month" | "GB" | "GB-month";

/** What each price is for: one for an hour or a month, a GB, or a GB kept for a month. */
export const PRICE_UNITS: Readonly<Record<PriceItem, Unit>> = {
  instance: "hour",
  publicIpv4: "hour",
  gp3: "GB-month",
  kmsKey: "month",
  logsIn: "GB",
  logsKept: "GB-month",
  metric: "month",
  alarm: "month",
  dashboard: "month",
  images: "GB-month",
  dataOut: "GB",
};

const Price = z
  .strictObject({
    item: z.enum(priceItems),
    /** Of an instance only. */
    type: z.string().min(1).optional(),
    region: z.string().min(1),
    usd: z.number().positive(),
    per: z.string(),
    source: z.url(),
    read: z.string().regex(/^\d{4}(-\d\d-\d\d)?$/, "a year or a day"),
    basis: z.enum(["memory", "price list"]),
  })
  .refine(({ item, per }) => PRICE_UNITS[item] === per, "per: not the item's unit")
  .refine(
    ({ item, type }) => (item === "instance") === (type !== undefined),
    "type: of an instance, and of nothing else",
  );

/** US dollars on demand, without taxes; of several steps by quantity the first, which is the dearest. */
export type Price = z.infer<typeof Price>;

/** The file that holds the table. */
export const PRICE_FILE = join(project, "prices", "aws.json");

/** Throws where the table is not one: a bug, as it is part of the repository. */
export const readPriceTable = (file = PRICE_FILE): readonly Price[] =>
  z.array(Price).parse(JSON.parse(readFileSync(file, "utf8")));
