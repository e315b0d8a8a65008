/** The metrics that a node publishes of itself, so that alarms, dashboard and the node's agent agree on them. */

/** CloudWatch's own names (PutMetricData). */
type Unit = "Count" | "Milliseconds" | "None" | "Percent";

/** By name; each is published once a minute, without dimensions, as a stack has one node. */
export const NODE_METRICS = {
  RelayProofFailed: {
    unit: "None",
    tells: "0 when the proof of the relay passed, 1 when it failed",
  },
  RelayRoundTripMs: {
    unit: "Milliseconds",
    tells: "what a packet took through the relay and back",
  },
  LiveAllocations: { unit: "Count", tells: "relay allocations that are held" },
  CertificateDaysLeft: { unit: "None", tells: "days until the served certificate ends" },
  ClockOffsetMs: {
    unit: "Milliseconds",
    tells: "how far the clock is off, ahead or behind: never below 0",
  },
  MemoryUsedPercent: { unit: "Percent", tells: "memory that is not available to processes" },
  DiskUsedPercent: { unit: "Percent", tells: "the root volume's used space" },
  AllowanceExceeded: {
    unit: "Count",
    tells:
      "packets that AWS held back or dropped in the minute, as the instance type allows no more",
  },
  ApiErrors: {
    unit: "Count",
    tells: "the API's answers in the minute with a status of 500 and above",
  },
} as const satisfies Record<string, { readonly unit: Unit; readonly tells: string }>;

export type NodeMetric = keyof typeof NODE_METRICS;

/** The CloudWatch namespace of a stack's node metrics; its role may write no other. */
export const metricNamespace = (stack: string): string => `Turnkey/${stack}`;
