/** What the node told AWS of itself: metrics and logs. */
import * as z from "zod";
import { metricNamespace, type NodeMetric } from "../../../plan/nodeMetrics.ts";
import { askAws, awsJson, emulated } from "./deployment.ts";
import { PLACE } from "./places.ts";
import type { Rig } from "./rig.ts";

type Watched = Pick<Rig, "cloud" | "deployed">;

async function askMonitoring({ cloud, deployed }: Watched, form: Readonly<Record<string, string>>) {
  const Namespace = metricNamespace(deployed.document.stack);
  const body = new URLSearchParams({ Version: "2010-08-01", Namespace, ...form }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const url = `https://monitoring.${PLACE.region}.amazonaws.com/`;
  const asked = { method: "POST", url, headers, body };
  const [answer] = await askAws(cloud, [emulated("monitoring", asked)]);
  return answer?.body ?? "";
}

const texts = (xml: string, name: string) =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map(([, it = ""]) => it);

/** Names of the metrics that there are. */
export const metricNames = async (rig: Watched): Promise<ReadonlySet<string>> =>
  new Set(texts(await askMonitoring(rig, { Action: "ListMetrics" }), "MetricName"));

/** A metric's values since then, with their unit; of one second only the greatest. */
export async function valuesOf(
  rig: Watched,
  metric: NodeMetric,
  since: Date,
): Promise<{ readonly value: number; readonly unit: string }[]> {
  const xml = await askMonitoring(rig, {
    Action: "GetMetricStatistics",
    MetricName: metric,
    StartTime: since.toISOString(),
    EndTime: new Date(Date.now() + 60_000).toISOString(),
    Period: "1",
    "Statistics.member.1": "Maximum",
  });
  return texts(xml, "Timestamp")
    .map((time, index) => ({
      time,
      value: Number(texts(xml, "Maximum")[index]),
      unit: texts(xml, "Unit")[index] ?? "",
    }))
    .toSorted((a, b) => a.time.localeCompare(b.time))
    .map(({ value, unit }) => ({ value, unit }));
}

const Events = z.object({
  events: z.array(z.object({ logStreamName: z.string(), message: z.string() })),
});

/** Every line that was shipped, by stream. */
export async function shippedLines({
  cloud,
  deployed,
}: Watched): Promise<Record<string, string[]>> {
  const asked = { logGroupName: deployed.outputs.cloud?.logGroup, limit: 10_000 };
  const [answer] = await askAws(cloud, [awsJson("logs", "Logs_20140328.FilterLogEvents", asked)]);
  const { events } = Events.parse(JSON.parse(answer?.body ?? ""));
  return Object.fromEntries(
    [...new Set(events.map(({ logStreamName }) => logStreamName))].map((stream) => [
      stream,
      events.filter((it) => it.logStreamName === stream).map(({ message }) => message),
    ]),
  );
}
