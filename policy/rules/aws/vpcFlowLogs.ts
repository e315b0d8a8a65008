import { isAttachedTo } from "../../attachedTo.ts";
import type { StackRule } from "../../rule.ts";
import { VPC } from "./vpcType.ts";

/** Who talked to whom, for the day somebody asks. They are charged by the flow, of which a relay has many. */
export const vpcFlowLogs: StackRule = {
  name: "vpc-flow-logs",
  description: "Every VPC keeps flow logs.",
  level: "advisory",
  severity: "low",
  mirrors: ["CKV2_AWS_11"],
  checkStack: (resources) => {
    const logs = resources.filter(({ type }) => type === "aws:ec2/flowLog:FlowLog");
    return resources
      .filter(({ type }) => type === VPC)
      .filter((vpc) => !logs.some((it) => isAttachedTo(it, "vpcId", vpc, "id")))
      .map((resource) => ({
        resource,
        what: "keeps no flow logs",
        seen: "no aws.ec2.FlowLog has this VPC",
        mend: "declare one, to a log group with retention",
      }));
  },
};
