import { npmRun } from "../npmRun.ts";
import type { PlannedStep } from "../pulumi/plannedSteps.ts";
import type { Consent } from "../setup/privilege.ts";
import { Refusal } from "../userError.ts";
import { consequences, isBeyondServices, stepCounts } from "./consequences.ts";

type Asking = Pick<Consent, "yes" | "terminal" | "ask">;

const HOW = (stack: string) => npmRun("up", stack, "--yes");

/** Throws a Refusal where nobody could be asked later: before anything takes time. */
export function requireSomebodyToAsk(stack: string, { yes, terminal }: Asking): void {
  if (yes || terminal) return;
  throw new Refusal(
    `a change of stack "${stack}" is asked for first, and there is no terminal: nothing was changed`,
    [HOW(stack)],
  );
}

export interface DeploymentQuestion {
  readonly stack: string;
  readonly steps: readonly PlannedStep[];
  /** Whether the user has agreed to services being started anew: only more than that is asked then. Default: no. */
  readonly isAgreed?: boolean | undefined;
}

/**
 * Asks whether what the preview showed shall be done, with what it does to calls. Nothing is asked where
 * nothing changes. Throws a Refusal unless the user agrees.
 */
export async function confirmDeployment(
  { stack, steps, isAgreed = false }: DeploymentQuestion,
  { yes, ask, tell }: Asking & { readonly tell: (line: string) => void },
): Promise<void> {
  if (steps.length === 0) return;
  const effects = consequences(steps).map((it) => `  ${it}\n`);
  if (yes || (isAgreed && !isBeyondServices(steps))) {
    if (effects.length > 0) tell(effects.join("").trimEnd());
    return;
  }
  const answer = await ask(
    `\n${effects.join("")}Change stack "${stack}" (${stepCounts(steps)})? [y/N] `,
  );
  if (!/^y(es)?$/i.test(answer.trim()))
    throw new Refusal("nothing was changed; to do it without being asked:", [HOW(stack)]);
}
