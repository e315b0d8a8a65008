import { peek, shown, UNKNOWN } from "../../known.ts";
import type { ResourceRule } from "../../rule.ts";

/** Logs that never end cost more every month, and keep addresses of users longer than anybody meant. */
export const logRetention: ResourceRule = {
  name: "log-retention",
  description: "Log groups say how long they keep logs.",
  level: "mandatory",
  severity: "medium",
  mirrors: ["CKV_AWS_66"],
  checkResource: ({ type, props }) => {
    if (type !== "aws:cloudwatch/logGroup:LogGroup") return [];
    const days = peek(props, "retentionInDays");
    if (days === UNKNOWN || (typeof days === "number" && days > 0)) return [];
    return [
      {
        what: "keeps its logs for ever",
        seen: `retentionInDays is ${shown(days)}`,
        mend: "set retentionInDays to a number of days that CloudWatch knows, such as 30",
      },
    ];
  },
};
