/** Deploys a stack that runs in a cloud: judged, shown and agreed to before anything changes. */
import { styleText } from "node:util";
import type { Plan } from "../../plan/plan.ts";
import { npmRun } from "../npmRun.ts";
import type { OpenStack } from "../pulumi/openStack.ts";
import { lastEvents, run, type OperationOptions } from "../pulumi/operations.ts";
import { plannedSteps } from "../pulumi/plannedSteps.ts";
import type { Consent } from "../setup/privilege.ts";
import { confirmDeployment } from "./confirmDeployment.ts";
import { policyRun } from "./policyRun.ts";

export interface CloudDeployment extends Pick<OperationOptions, "extra" | "printTo"> {
  readonly plan: Plan;
  readonly consent: Pick<Consent, "yes" | "terminal" | "ask">;
  /** Whether the policy pack judges it. */
  readonly policy: boolean;
}

const tell = (line: string) => process.stderr.write(`${line}\n`);

/**
 * Previews, asks, deploys, and gives Pulumi's exit code. The preview is never left out: rules over a
 * whole stack are judged at its end, and in an update that is after everything was made. Throws a Refusal
 * when the user does not agree.
 */
export async function deployCloud(
  stack: OpenStack,
  { plan, consent, policy: isJudged, extra, printTo }: CloudDeployment,
): Promise<number> {
  if (!isJudged) tell(unjudged(stack.stack));
  const policy = isJudged ? policyRun(stack, { target: "aws", plan }) : undefined;
  const options = { confirm: false, extra, policy, printTo };
  const previewed = await run(stack, "preview", options);
  if (previewed !== 0) return previewed;
  const steps = plannedSteps(lastEvents(stack));
  await confirmDeployment({ stack: stack.stack, steps }, { ...consent, tell });
  return run(stack, "up", options);
}

const unjudged = (stack: string) =>
  styleText(
    "red",
    `NO POLICY IS CHECKED (--no-policy): an open port, a weakened TURN server or an unencrypted disk would be deployed as it is. What the policies say: ${npmRun("policy", stack)}`,
    { stream: process.stderr },
  );
