/** Which alarms watch a node, at which thresholds, and what to do when one rings. */
import type { NodeMetric } from "./nodeMetrics.ts";

/** A metric of the node's own, or one that EC2 publishes of every instance. */
export type AlarmMetric =
  | { readonly from: "node"; readonly name: NodeMetric }
  | { readonly from: "ec2"; readonly name: "StatusCheckFailed" | "NetworkOut" };

export interface AlarmRow {
  /** Part of the alarm's name, never changed: alarms are silenced and found by it. */
  readonly role: string;
  readonly metric: AlarmMetric;
  readonly statistic: "Minimum" | "Maximum" | "Average" | "Sum";
  readonly periodSeconds: number;
  /** Periods in a row that must all be beyond the threshold. */
  readonly periods: number;
  readonly comparison:
    "GreaterThanOrEqualToThreshold" | "GreaterThanThreshold" | "LessThanThreshold";
  readonly threshold: number;
  /** `missing` sends nothing while there is no data, as `relay-proof` tells of a node that is gone. */
  readonly missing: "breaching" | "missing";
  /** What has happened and what to do. */
  readonly tells: string;
  /** Why the threshold is what it is. */
  readonly why: string;
}

/**
 * Days left at which the certificate's alarm rings. By name: renewal begins 30 days before the end, so 9
 * days of it have failed. By address: Let's Encrypt's certificates for addresses last 6 days, and renewal
 * begins when half of that is left.
 */
export const CERTIFICATE_ALARM_DAYS = { name: 21, address: 2 } as const;

export interface AlarmThresholds {
  /** Traffic out of the node that is expected in a month, GB of 2^30 bytes as AWS bills them. */
  readonly networkOutGbPerMonth: number;
  /** Rings below it; see `CERTIFICATE_ALARM_DAYS`. */
  readonly certificateDays: number;
}

const BYTES_PER_GB = 2 ** 30;
const DAYS_PER_MONTH = 30;
const MINUTE = 60;
/** How many times the average day one day may have: a weekday of calls is about twice it, no day is thrice. */
const BUSY_DAY = 3;

/** Every alarm of a node, the worst first. */
export function alarmTable({
  networkOutGbPerMonth,
  certificateDays,
}: AlarmThresholds): readonly AlarmRow[] {
  const dayGb = (networkOutGbPerMonth / DAYS_PER_MONTH) * BUSY_DAY;
  return [
    {
      role: "relay-proof",
      metric: node("RelayProofFailed"),
      // Two nodes publish while one replaces the other: one that passes is enough.
      statistic: "Minimum",
      periodSeconds: MINUTE,
      periods: 3,
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      missing: "breaching",
      tells:
        "The relay does not carry traffic, or the node is gone: calls through it fail. Run npm run verify, then read the node's log group; if the node does not answer, look at it with Session Manager or reboot it.",
      why: "three minutes in a row, as one lost packet can fail one proof; no data counts as failing, since a dead node says nothing",
    },
    {
      role: "status-check",
      metric: { from: "ec2", name: "StatusCheckFailed" },
      statistic: "Maximum",
      periodSeconds: MINUTE,
      periods: 2,
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      missing: "missing",
      tells:
        "AWS finds the node's machine or system impaired. Faulty hardware is left by automatic recovery in some minutes; if the alarm stays, reboot the instance, then replace it with npm run up.",
      why: "two minutes in a row, as one can be a hiccup of the check itself",
    },
    {
      role: "network-out",
      metric: { from: "ec2", name: "NetworkOut" },
      statistic: "Sum",
      periodSeconds: 24 * 60 * MINUTE,
      periods: 1,
      comparison: "GreaterThanThreshold",
      threshold: Math.round(dayGb * BYTES_PER_GB),
      missing: "missing",
      tells: `The node sent more than ${gigabytes(dayGb)} GB in 24 hours, and AWS bills every one. Look in the API's log for users with many credentials and cut them off with npm run revoke; if it is your own growth, raise aws.alarms.networkOutGbPerMonth.`,
      why: `${BUSY_DAY} times a day's share of the ${networkOutGbPerMonth} GB a month in aws.alarms.networkOutGbPerMonth; the 24 hours end at each look, so a sudden flood rings when it passes the sum`,
    },
    {
      role: "allowance-exceeded",
      metric: node("AllowanceExceeded"),
      statistic: "Sum",
      periodSeconds: 5 * MINUTE,
      periods: 3,
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      missing: "missing",
      tells:
        "AWS holds back or drops packets of the node, as it sends more than its instance type allows: pictures freeze. Take a larger type with aws.instanceType.",
      why: "a burst ends within five minutes; fifteen in a row are a node that is too small",
    },
    {
      role: "memory",
      metric: node("MemoryUsedPercent"),
      statistic: "Average",
      periodSeconds: 5 * MINUTE,
      periods: 3,
      comparison: "GreaterThanThreshold",
      threshold: 85,
      missing: "missing",
      tells:
        "The node is short of memory; the kernel ends processes when none is left. Take a larger type with aws.instanceType, or look for the service that grows.",
      why: "the containers' limits add up to less than that on the default type, so more is not normal",
    },
    {
      role: "disk",
      metric: node("DiskUsedPercent"),
      statistic: "Average",
      periodSeconds: 5 * MINUTE,
      periods: 3,
      comparison: "GreaterThanThreshold",
      threshold: 80,
      missing: "missing",
      tells:
        "The node's volume fills up. Look for what grows with Session Manager (sudo docker system df), or raise aws.volumeGib.",
      why: "a fifth of the volume is room for one more set of images while an update pulls them",
    },
    {
      role: "certificate",
      metric: node("CertificateDaysLeft"),
      statistic: "Minimum",
      periodSeconds: 60 * MINUTE,
      periods: 2,
      comparison: "LessThanThreshold",
      threshold: certificateDays,
      missing: "breaching",
      tells:
        "The certificate is not being renewed: when it ends, pages, signalling and TURN over TLS are refused. Read what its renewal says in the node's log group; its names must lead to the node, and port 80 be open.",
      why: `fewer than ${certificateDays} days are left, when renewal should long have happened; two hours without a number count as well, since nobody would know`,
    },
    {
      role: "clock",
      metric: node("ClockOffsetMs"),
      statistic: "Minimum",
      periodSeconds: 5 * MINUTE,
      periods: 2,
      comparison: "GreaterThanThreshold",
      threshold: 5_000,
      missing: "missing",
      tells:
        "The node's clock is wrong: credentials and tokens end too early or too late. Look at chronyc tracking with Session Manager; UDP 123 to 169.254.169.123 must pass.",
      why: "Amazon's time service keeps it within a few ms, and the shortest credential lasts a minute",
    },
    {
      role: "api-errors",
      metric: node("ApiErrors"),
      statistic: "Sum",
      periodSeconds: 5 * MINUTE,
      periods: 2,
      comparison: "GreaterThanOrEqualToThreshold",
      threshold: 5,
      missing: "missing",
      tells:
        "The API fails requests, so people may get no credentials. Ask /readyz what is wrong, and read the stream of the API in the node's log group.",
      why: "a restart fails a few requests in one five minutes; two such in a row are a fault",
    },
  ];
}

const node = (name: NodeMetric) => ({ from: "node", name }) as const;

/** One digit below 10, none above. */
const gigabytes = (gb: number): string => `${gb < 10 ? Math.round(gb * 10) / 10 : Math.round(gb)}`;

/** What an alarm's mail says; AWS takes 1024 characters. */
export const alarmDescription = ({ tells, why }: AlarmRow): string => `${tells} Threshold: ${why}.`;
