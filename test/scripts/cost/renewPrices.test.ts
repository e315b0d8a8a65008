import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createServer, type Server } from "node:http";
import { listedPrices } from "../../../scripts/cost/listedPrices.ts";
import { PRICE_UNITS, type Price } from "../../../scripts/cost/priceTable.ts";
import { type Renewal, renewPrices } from "../../../scripts/cost/renewPrices.ts";
import { UserError } from "../../../scripts/userError.ts";
import { portOf } from "../../support/portOf.ts";

/** The columns that are looked at, among others as a file has them, in its order. */
const COLUMNS = [
  "SKU",
  "TermType",
  "PriceDescription",
  "StartingRange",
  "EndingRange",
  "Unit",
  "PricePerUnit",
  "Currency",
  "Location",
  "usageType",
  "operation",
];
const quoted = (fields: readonly string[]) => fields.map((it) => `"${it}"`).join(",");

/** A file of the price list: five lines about itself, the names of its columns, and rows. */
const file = (service: string, rows: readonly string[]) =>
  [
    quoted(["FormatVersion", "v1.0"]),
    quoted(["Disclaimer", "For information only, http://aws.amazon.com."]),
    quoted(["Publication Date", "2030-01-30T00:00:00Z"]),
    quoted(["Version", "20300130000000"]),
    quoted(["OfferCode", service]),
    quoted(COLUMNS),
    ...rows,
    "",
  ].join("\n");

interface Row {
  readonly usageType: string;
  readonly usd: string;
  readonly operation?: string;
  readonly term?: string;
  readonly from?: string;
  readonly currency?: string;
}

const row = ({
  usageType,
  usd,
  operation = "",
  term = "OnDemand",
  from = "0",
  currency = "USD",
}: Row) =>
  quoted([
    "ABC",
    term,
    `$${usd} per unit, of what it is`,
    from,
    "Inf",
    "Hrs",
    usd,
    currency,
    "EU (Frankfurt)",
    usageType,
    operation,
  ]);

const linux = { usageType: "EUC1-BoxUsage:c7g.large", operation: "RunInstances", usd: "0.0827" };
const gp3 = { usageType: "EUC1-EBS:VolumeUsage.gp3", usd: "0.0952000000" };

/** A region's whole list, with rows around the right ones that are nearly so. */
const services: Readonly<Record<string, readonly Row[]>> = {
  AmazonEC2: [
    { ...linux, usd: "0.05", term: "Reserved" },
    { ...linux, usd: "0.2", operation: "RunInstances:0002" },
    { ...linux, usd: "0.3", usageType: "EUC1-UnusedBoxUsage:c7g.large" },
    { ...linux, usd: "0.4", usageType: "EUC1-BoxUsage:c7g.large-extra" },
    { ...linux, usd: "0.0000000000" },
    { ...linux, usd: "0.6", currency: "CNY" },
    linux,
    gp3,
    { ...gp3, usd: "9", usageType: "EUC1-EBS:VolumeUsage.gp3.snapshot" },
  ],
  AmazonVPC: [{ usageType: "EUC1-PublicIPv4:InUseAddress", usd: "0.005" }],
  awskms: [{ usageType: "eu-central-1-KMS-Keys", usd: "1.0" }],
  AmazonCloudWatch: [
    { usageType: "EUC1-DataProcessing-Bytes", usd: "0.63" },
    { usageType: "EUC1-TimedStorage-ByteHrs", usd: "0.0324" },
    { usageType: "EUC1-CW:MetricMonitorUsage", usd: "0.3" },
    { usageType: "EUC1-CW:MetricMonitorUsage", usd: "0.1", from: "10000" },
    { usageType: "EUC1-CW:AlarmMonitorUsage", usd: "0.1" },
    { usageType: "EUC1-CW:HighResAlarmMonitorUsage", usd: "0.3" },
  ],
  AmazonECR: [{ usageType: "EUC1-TimedStorage-ByteHrs", usd: "0.1" }],
  AWSDataTransfer: [
    { usageType: "EUC1-DataTransfer-Out-Bytes", usd: "0.09" },
    { usageType: "EUC1-DataTransfer-Out-Bytes", usd: "0.085", from: "10240" },
    { usageType: "EUC1-USE1-AWS-Out-Bytes", usd: "0.02" },
  ],
};

/** What the server answers in place of a service's file; a file that breaks off has more than it sends. */
let instead: Readonly<Record<string, { status?: number; body: string; breaksOff?: boolean }>> = {};
let server: Server;
let base = "";

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = /^\/offers\/v1\.0\/aws\/(\w+)\/current\/eu-central-1\/index\.csv$/;
    const service = path.exec(request.url ?? "")?.[1] ?? "";
    const other = instead[service];
    const body = other?.body ?? file(service, (services[service] ?? []).map(row));
    response.writeHead(other?.status ?? 200, {
      "content-length": Buffer.byteLength(body) + (other?.breaksOff ? 1_000 : 0),
    });
    response.write(body, () => (other?.breaksOff ? response.destroy() : response.end()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${portOf(server)}`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

const renew = async (
  answers: typeof instead = {},
  { table = [], ...changed }: Partial<Renewal> & { table?: readonly Price[] } = {},
) => {
  instead = answers;
  const renewal = { regions: ["eu-central-1"], types: ["c7g.large"], today: "2030-01-31" };
  return renewPrices(table, { ...renewal, base, tell: () => undefined, ...changed });
};

const usdOf = (table: readonly Price[]) => Object.fromEntries(table.map((it) => [it.item, it.usd]));

test("every price is found among rows that are nearly it", async () => {
  const { table, missing } = await renew();
  expect(missing).toEqual([]);
  expect(usdOf(table)).toEqual({
    instance: 0.0827,
    publicIpv4: 0.005,
    gp3: 0.0952,
    kmsKey: 1,
    logsIn: 0.63,
    logsKept: 0.0324,
    metric: 0.3,
    alarm: 0.1,
    images: 0.1,
    dataOut: 0.09,
  });
});

test("a row says where and when it was read", async () => {
  const { table } = await renew();
  expect(table.find((it) => it.item === "instance")).toEqual({
    item: "instance",
    type: "c7g.large",
    region: "eu-central-1",
    usd: 0.0827,
    per: "hour",
    source: `${base}/offers/v1.0/aws/AmazonEC2/current/eu-central-1/index.csv`,
    read: "2030-01-31",
    basis: "price list",
  });
});

const old = (item: Price["item"], region: string): Price => ({
  item,
  region,
  usd: 7,
  per: PRICE_UNITS[item],
  source: "https://example.com",
  read: "2025",
  basis: "memory",
});

test("what is read takes the place of what was there, and nothing else goes", async () => {
  const otherType = { ...old("instance", "eu-central-1"), type: "c7i.large" };
  const table = [
    old("gp3", "us-east-1"),
    old("gp3", "eu-central-1"),
    old("dashboard", "us-east-1"),
    otherType,
  ];
  const renewed = await renew({}, { table });
  const others = renewed.table.filter((it) => it.usd === 7);
  expect(others).toEqual([otherType, old("gp3", "us-east-1"), old("dashboard", "us-east-1")]);
  expect(renewed.table.filter((it) => it.item === "gp3")).toHaveLength(2);
});

test("what the list does not have is told, and its old row stays", async () => {
  const table = [old("gp3", "eu-central-1")];
  const without = { AmazonEC2: { body: file("AmazonEC2", [row(linux)]) } };
  const renewed = await renew(without, { table, types: ["c7g.large", "x9.huge"] });
  expect(renewed.missing).toEqual([
    "BoxUsage:x9.huge in eu-central-1",
    "EBS:VolumeUsage.gp3 in eu-central-1",
  ]);
  expect(renewed.table).toContainEqual(old("gp3", "eu-central-1"));
});

test.each<[string, (typeof instead)[string], RegExp]>([
  ["is refused", { status: 403, body: "" }, /awskms.* cannot be read: status 403/],
  ["breaks off", { body: file("awskms", []), breaksOff: true }, /awskms.* cannot be read: /],
  ["is none", { body: "<html>maintenance</html>\n" }, /awskms.* is no price list/],
  [
    "has two prices of one",
    {
      body: file("awskms", [
        row({ usageType: "eu-central-1-KMS-Keys", usd: "1" }),
        row({ usageType: "eu-central-1-KMS-Keys", usd: "2" }),
      ]),
    },
    /two prices of KMS-Keys: 1 and 2/,
  ],
])("a file that %s ends the renewal", async (_name, answer, message) => {
  const renewal = renew({ awskms: answer });
  await expect(renewal).rejects.toThrow(UserError);
  await expect(renewal).rejects.toThrow(message);
});

test("a last line without an end is read too", async () => {
  const body = file("awskms", [row({ usageType: "eu-central-1-KMS-Keys", usd: "3" })]).trimEnd();
  const { table } = await renew({ awskms: { body } });
  expect(usdOf(table)).toMatchObject({ kmsKey: 3 });
});

test("nothing in the list is looked for twice", () => {
  const keys = listedPrices(["c7g.large", "c7i.large"]).map(
    (it) => `${it.service} ${it.usageType}`,
  );
  expect(new Set(keys).size).toBe(keys.length);
});
