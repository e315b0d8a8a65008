/** How much of what a stack on AWS uses in a month. */
import { alarmTable, CERTIFICATE_ALARM_DAYS } from "../../plan/alarmTable.ts";
import { NODE_METRICS } from "../../plan/nodeMetrics.ts";
import {
  FREE_OUT_GB_PER_MONTH,
  HOURS_PER_MONTH,
  IMAGE_GB,
  LOG_GB_PER_MONTH,
} from "./assumptions.ts";
import type { PriceItem } from "./priceTable.ts";

/** What settings say of what costs something. */
export interface CostInput {
  readonly region: string;
  readonly instanceType: string;
  readonly volumeGib: number;
  readonly logRetentionDays: number;
  readonly dashboard: boolean;
  /** Of the VPC; how much they log depends on the traffic, so they stay an open line. */
  readonly flowLogs: boolean;
  /** Whether the stack has a repository of images, as it builds the API's itself. */
  readonly buildsImage: boolean;
  /** GB that leave the node for the internet in a month, relayed ones above all. */
  readonly relayedGb: number;
}

/** So much of one item. */
export interface Need {
  readonly item: PriceItem;
  readonly type?: string;
  readonly name: string;
  readonly what: string;
  readonly quantity: number;
}

/** Alarms of one stack; which threshold they have does not change how many there are. */
const ALARMS = alarmTable({
  networkOutGbPerMonth: 1,
  certificateDays: CERTIFICATE_ALARM_DAYS.name,
}).length;
const METRICS = Object.keys(NODE_METRICS).length;
/** What EC2 bills of an instance with detailed monitoring, which the node has. */
const EC2_METRICS = 7;
const DAYS_PER_MONTH = 30;

/** What a stack uses whether anybody calls or not. */
export function fixedNeeds(input: CostInput): Need[] {
  const { instanceType, volumeGib, logRetentionDays, dashboard, buildsImage } = input;
  return [
    {
      item: "instance",
      type: instanceType,
      name: "instance",
      what: instanceType,
      quantity: HOURS_PER_MONTH,
    },
    {
      item: "publicIpv4",
      name: "address",
      what: "one Elastic IP in use",
      quantity: HOURS_PER_MONTH,
    },
    { item: "gp3", name: "volume", what: "gp3", quantity: volumeGib },
    {
      item: "kmsKey",
      name: "KMS key",
      what: "one key; rotations add up to two of the sum",
      quantity: 1,
    },
    {
      item: "logsIn",
      name: "logs written",
      what: "assumed",
      quantity: LOG_GB_PER_MONTH,
    },
    {
      item: "logsKept",
      name: "logs kept",
      what: `${logRetentionDays} days of them`,
      quantity: (LOG_GB_PER_MONTH * logRetentionDays) / DAYS_PER_MONTH,
    },
    {
      item: "metric",
      name: "EC2 metrics",
      what: "detailed monitoring, each",
      quantity: EC2_METRICS,
    },
    { item: "metric", name: "node metrics", what: "each", quantity: METRICS },
    { item: "alarm", name: "alarms", what: "each", quantity: ALARMS },
    ...(dashboard
      ? [{ item: "dashboard", name: "dashboard", what: "", quantity: 1 } as const]
      : []),
    ...(buildsImage
      ? [{ item: "images", name: "API images", what: "assumed", quantity: IMAGE_GB } as const]
      : []),
  ];
}

/** What is billed of the GB that leave the node. */
export function trafficNeed({ relayedGb }: CostInput): Need {
  const what = `${relayedGb} GB out, ${FREE_OUT_GB_PER_MONTH} GB an account free`;
  const quantity = Math.max(0, relayedGb - FREE_OUT_GB_PER_MONTH);
  return { item: "dataOut", name: "relayed traffic", what, quantity };
}
