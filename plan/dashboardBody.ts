/** The body of a node's CloudWatch dashboard: a pure function of where its numbers are. */
import type { NodeMetric } from "./nodeMetrics.ts";

export interface DashboardSources {
  readonly region: string;
  /** Of the node's own metrics. */
  readonly namespace: string;
  readonly instanceId: string;
  readonly alarmArns: readonly string[];
  readonly logGroupName: string;
}

/** A metric as a widget names it: namespace, name, then dimensions by name and value. */
type Metric = readonly string[];
type Statistic = "Average" | "Maximum" | "Minimum" | "Sum";

const COLUMNS = 24;
const WIDTH = 8;
const HEIGHT = 6;
const ALARMS_HEIGHT = 3;
const PERIOD_SECONDS = 60;

/** Widgets in AWS's form (CloudWatch API reference, dashboard body structure): alarms, numbers, log. */
export function dashboardBody(from: DashboardSources) {
  const node = (...names: readonly NodeMetric[]): Metric[] =>
    names.map((it) => [from.namespace, it]);
  const ec2 = (...names: readonly string[]): Metric[] =>
    names.map((it) => ["AWS/EC2", it, "InstanceId", from.instanceId]);
  const graphs: readonly (readonly [string, Statistic, readonly Metric[]])[] = [
    ["Relay proof: 1 is failed", "Maximum", node("RelayProofFailed")],
    ["Round trip through the relay, ms", "Average", node("RelayRoundTripMs")],
    ["Relay allocations", "Maximum", node("LiveAllocations")],
    ["Traffic, bytes a minute", "Sum", ec2("NetworkIn", "NetworkOut")],
    ["Packets held back by AWS", "Sum", node("AllowanceExceeded")],
    ["API errors", "Sum", node("ApiErrors")],
    ["Processors, percent", "Average", ec2("CPUUtilization")],
    ["Memory and disk, percent", "Average", node("MemoryUsedPercent", "DiskUsedPercent")],
    ["Status checks: 1 is failed", "Maximum", ec2("StatusCheckFailed")],
    ["Days left of the certificate", "Minimum", node("CertificateDaysLeft")],
    ["Clock offset, ms", "Maximum", node("ClockOffsetMs")],
  ];
  const rows = Math.ceil((graphs.length * WIDTH) / COLUMNS);
  return {
    widgets: [
      {
        type: "alarm",
        ...box(0, 0, COLUMNS, ALARMS_HEIGHT),
        properties: { title: "Alarms", alarms: from.alarmArns },
      },
      ...graphs.map(([title, stat, metrics], index) => ({
        type: "metric",
        ...place(index),
        properties: { title, region: from.region, stat, period: PERIOD_SECONDS, metrics },
      })),
      {
        type: "log",
        ...box(0, ALARMS_HEIGHT + rows * HEIGHT, COLUMNS, HEIGHT),
        properties: {
          title: "Warnings and errors",
          region: from.region,
          view: "table",
          query: `SOURCE '${from.logGroupName}' | fields @timestamp, @logStream, @message | filter @message like /(?i)(warn|error|fatal)/ | sort @timestamp desc | limit 50`,
        },
      },
    ],
  };
}

const box = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

/** The graph's place: three in a row, below the alarms. */
function place(index: number) {
  const x = (index * WIDTH) % COLUMNS;
  const y = ALARMS_HEIGHT + Math.floor((index * WIDTH) / COLUMNS) * HEIGHT;
  return box(x, y, WIDTH, HEIGHT);
}
