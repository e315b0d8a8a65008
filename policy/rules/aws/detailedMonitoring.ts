import { mayBe, peek, peekAt, shown } from "../../known.ts";
import type { ResourceRule } from "../../rule.ts";
import { INSTANCE, INSTANCE_TYPES } from "./instanceTypes.ts";

/** Metrics every minute instead of every five: a status check that fails is seen four minutes earlier. */
export const detailedMonitoring: ResourceRule = {
  name: "detailed-monitoring",
  description: "Instances report their metrics every minute.",
  level: "mandatory",
  severity: "low",
  mirrors: ["CKV_AWS_126", "ec2-instance-detailed-monitoring-enabled"],
  checkResource: ({ type, props }) => {
    if (!INSTANCE_TYPES.has(type)) return [];
    const [path, value] =
      type === INSTANCE
        ? ["monitoring", peek(props, "monitoring")]
        : ["monitoring.enabled", peekAt(props, "monitoring", "enabled")];
    if (mayBe(value, true)) return [];
    return [
      {
        what: "reports its metrics every five minutes only",
        seen: `${path} is ${shown(value)}`,
        mend: `set ${path} to true`,
      },
    ];
  },
};
