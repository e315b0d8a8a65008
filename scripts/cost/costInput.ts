import type { Settings } from "../../config.ts";
import { INSTANCE_TYPES } from "../../settings/aws.ts";
import type { CostInput } from "./quantities.ts";

type AwsSettings = Extract<Settings, { target: "aws" }>;

/** What a stack's settings say of what costs something; `relayedGb` stands in for the traffic that alarms expect. */
export function costInput({ aws, api }: AwsSettings, relayedGb: number | undefined): CostInput {
  return {
    region: aws.region,
    instanceType: aws.instanceType ?? INSTANCE_TYPES[aws.architecture],
    volumeGib: aws.volumeGib,
    logRetentionDays: aws.logRetentionDays,
    dashboard: aws.dashboard,
    flowLogs: aws.vpc.flowLogs,
    buildsImage: api.image === undefined,
    relayedGb: relayedGb ?? aws.alarms.networkOutGbPerMonth,
  };
}
