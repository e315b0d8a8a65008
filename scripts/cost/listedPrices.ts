/** Where AWS's price list has each price: service, usage type, and operation where the usage type is not enough. */
import { type PriceItem, priceItems } from "./priceTable.ts";

export interface Listing {
  /** The service's code, which names its file (Price List Bulk API). */
  readonly service: string;
  /** Without the region's prefix. */
  readonly usageType: string;
  /** Default: any. */
  readonly operation?: string;
}

/** Dashboards have one price in all regions and stand in no region's file, so theirs is kept by hand. */
type ListedItem = Exclude<PriceItem, "instance" | "dashboard">;

const LISTINGS = {
  publicIpv4: { service: "AmazonVPC", usageType: "PublicIPv4:InUseAddress" },
  gp3: { service: "AmazonEC2", usageType: "EBS:VolumeUsage.gp3" },
  kmsKey: { service: "awskms", usageType: "KMS-Keys" },
  logsIn: { service: "AmazonCloudWatch", usageType: "DataProcessing-Bytes" },
  logsKept: { service: "AmazonCloudWatch", usageType: "TimedStorage-ByteHrs" },
  metric: { service: "AmazonCloudWatch", usageType: "CW:MetricMonitorUsage" },
  alarm: { service: "AmazonCloudWatch", usageType: "CW:AlarmMonitorUsage" },
  images: { service: "AmazonECR", usageType: "TimedStorage-ByteHrs" },
  dataOut: { service: "AWSDataTransfer", usageType: "DataTransfer-Out-Bytes" },
} as const satisfies Record<ListedItem, Listing>;

/** A price that the list has, and where. */
export interface Listed extends Listing {
  readonly item: PriceItem;
  /** Of an instance. */
  readonly type?: string;
}

/** Everything that the list has, for these instance types. */
export const listedPrices = (types: readonly string[]): readonly Listed[] => [
  ...types.map((type) => ({
    item: "instance" as const,
    type,
    service: "AmazonEC2",
    usageType: `BoxUsage:${type}`,
    // Linux on shared hardware; Windows and the like have a number behind it.
    operation: "RunInstances",
  })),
  ...priceItems.flatMap((item) =>
    item === "instance" || item === "dashboard" ? [] : [{ item, ...LISTINGS[item] }],
  ),
];
