import type { StackOutputs } from "../../turn/outputs.ts";
import { reportJson, reportTable } from "../../verify/report.ts";
import { stackTarget, type Target } from "../../verify/target.ts";
import { verify, type Report } from "../../verify/verify.ts";
import { runStep } from "../setup/runStep.ts";

/** Runs verify on a target and prints its report; the exit code is 1 when a leg failed. */
export async function proveTarget(target: Target, { json }: { json: boolean }): Promise<number> {
  let finished: Report | undefined;
  await runStep("proving that the relay works", async ({ report, signal }) => {
    const onLeg = ({ name, url }: { name: string; url: string }) => report(`${name} ${url}`);
    finished = await verify(target, { onLeg, signal });
  });
  if (!finished) throw new Error("verify ended without a report");
  console.log(
    json ? reportJson(finished) : reportTable(finished, { colours: process.stdout.isTTY }),
  );
  return finished.ok ? 0 : 1;
}

/** The same for a deployed stack. */
export const prove = (outputs: StackOutputs, options: { json: boolean }): Promise<number> =>
  proveTarget(stackTarget(outputs), options);
