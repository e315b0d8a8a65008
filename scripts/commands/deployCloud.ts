/** Deploys a stack that runs in a cloud: judged, shown and agreed to before anything changes. */
import { styleText } from "node:util";
import type { Plan } from "../../plan/plan.ts";
import { npmRun } from "../npmRun.ts";
import type { OpenStack } from "../pulumi/openStack.ts";
import { lastEvents, run, type OperationOptions } from "../pulumi/operations.ts";
import { isWhole, plannedSteps } from "../pulumi/plannedSteps.ts";
import type { Consent } from "../setup/privilege.ts";
import { confirmDeployment } from "./confirmDeployment.ts";
import { policyRun } from "./policyRun.ts";

export interface CloudDeployment extends Pick<OperationOptions, "extra" | "printTo"> {
  readonly plan: Plan;
  readonly consent: Pick<Consent, "yes" | "terminal" | "ask">;
  /** Whether the user has agreed to services being started anew. Default: no. */
  readonly isAgreed?: boolean;
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
  { plan, consent, isAgreed, policy: isJudged, extra, printTo }: CloudDeployment,
): Promise<number> {
  if (!isJudged) tell(unjudged(stack.stack));
  const policy = isJudged ? policyRun(stack, { target: "aws", plan }) : undefined;
  const options = { confirm: false, extra, policy, printTo };
  const previewed = await run(stack, "preview", options);
  if (previewed !== 0) return previewed;
  const events = lastEvents(stack);
  // Without steps nothing is asked.
  if (!isWhole(events))
    throw new Error("Pulumi's log of its preview has no end: nothing was changed");
  const question = { stack: stack.stack, steps: plannedSteps(events), isAgreed };
  await confirmDeployment(question, { ...consent, tell });
  return run(stack, "up", options);
}

const unjudged = (stack: string) =>
  styleText(
    "red",
    `NO POLICY IS CHECKED (--no-policy): an open port, a weakened TURN server or an unencrypted disk would be deployed as it is. What the policies say: ${npmRun("policy", stack)}`,
    { stream: process.stderr },
  );
