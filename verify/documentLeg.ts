import { notDeployed } from "../machine/documentProblem.ts";
import { readyReport } from "../machine/readyReport.ts";
import { apiUrl } from "./api.ts";
import { errorCode, LegFailure, notApplicable } from "./findings.ts";
import { type Context, type Leg, tryLeg } from "./leg.ts";

/** Whether the node of a cloud runs the document that was deployed, as it tells at `/readyz`: none elsewhere. */
export async function documentLeg(context: Context): Promise<Leg[]> {
  const cloud = context.target.stack?.cloud;
  if (!cloud) return [];
  const plan = { name: "the node runs what was deployed", url: apiUrl(context, "/readyz") };
  const { leg } = await tryLeg(context, plan, async (signal) => {
    const answer = await context.fetch(plan.url, { signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new LegFailure({ kind: "api-unreachable", code: errorCode(error) }, { cause: error });
    });
    const report = readyReport(await answer.text());
    if (!report) throw new LegFailure({ kind: "api-status", status: answer.status });
    if (!report.document) return notApplicable("the node does not say which document it runs");
    const problem = notDeployed(report.document, cloud.documentVersion);
    if (problem) throw new LegFailure({ kind: "other-document", why: problem.why });
    return undefined;
  });
  return [leg];
}
