import type { StackOutputs } from "../../turn/outputs.ts";
import { reportJson, reportTable } from "../../verify/report.ts";
import { verify, type Report } from "../../verify/verify.ts";
import { runStep } from "../setup/runStep.ts";

/** Runs verify on a stack and prints its report; the exit code is 1 when a leg failed. */
export async function prove(outputs: StackOutputs, { json }: { json: boolean }): Promise<number> {
  let finished: Report | undefined;
  await runStep("proving that the relay works", async ({ report, signal }) => {
    const onLeg = ({ name, url }: { name: string; url: string }) => report(`${name} ${url}`);
    finished = await verify(outputs, { onLeg, signal });
  });
  if (!finished) throw new Error("verify ended without a report");
  console.log(
    json ? reportJson(finished) : reportTable(finished, { colours: process.stdout.isTTY }),
  );
  return finished.ok ? 0 : 1;
}
