/** Waits for a node's report as an update does, from where the user of a stack is. */
import * as z from "zod";
import { row } from "../../../turn/ports.ts";
import { NODE } from "./places.ts";
import type { Rig } from "./rig.ts";
import { runIn } from "./runIn.ts";

/** What the program is told on standard input. */
export const AppliedTask = z.strictObject({
  instanceId: z.string(),
  address: z.string(),
  httpsPort: z.int(),
  documentVersion: z.string(),
  seconds: z.number(),
});
export type AppliedTask = z.infer<typeof AppliedTask>;

/** What the update would have told while it waited, and what it would have failed with. */
export const AppliedReport = z.strictObject({
  told: z.array(z.string()),
  error: z.string().optional(),
});
export type AppliedReport = z.infer<typeof AppliedReport>;

/** Runs what the update's hook runs, in the client's network, for at most so many seconds. */
export async function waitApplied(
  { internet, deployed }: Pick<Rig, "internet" | "deployed">,
  documentVersion: string,
  { seconds }: { readonly seconds: number },
): Promise<AppliedReport> {
  const { cloud, ports } = deployed.outputs;
  const task: AppliedTask = {
    instanceId: cloud?.instanceId ?? "",
    address: NODE.public,
    httpsPort: row(ports, "https").from,
    documentVersion,
    seconds,
  };
  return AppliedReport.parse(JSON.parse(await runIn(internet.client, "appliedMain.ts", task)));
}
