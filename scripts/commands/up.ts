import { isLocalCa, localCaCertificateFile } from "../../machine/localCa.ts";
import type { Plan } from "../../plan/plan.ts";
import { StackOutputs } from "../../turn/outputs.ts";
import { requirePorts } from "../ports/requirePorts.ts";
import { mendPending, readPending } from "../pulumi/mendPending.ts";
import { mendState } from "../pulumi/mendState.ts";
import { mendStrangers } from "../pulumi/mendStrangers.ts";
import type { OpenStack } from "../pulumi/openStack.ts";
import { run } from "../pulumi/operations.ts";
import { patient } from "../pulumi/patience.ts";
import { project } from "../pulumi/project.ts";
import { requireRoom } from "../pulumi/requireRoom.ts";
import { requireStackFile } from "../pulumi/stackFiles.ts";
import { createStack, deployedOutputs, forgetStack, readStack } from "../pulumi/stackState.ts";
import { consentHere } from "../setup/privilege.ts";
import { UserError } from "../userError.ts";
import { alone } from "./alone.ts";
import { awaitReady, tellBlame } from "./awaitReady.ts";
import { requireSomebodyToAsk } from "./confirmDeployment.ts";
import { deployCloud } from "./deployCloud.ts";
import { lanSteps } from "./lanSteps.ts";
import { keepLanWish, type LanOption, lanWish } from "./lanWish.ts";
import { nextSteps } from "./nextSteps.ts";
import { planOf, type PlanWishes } from "./planOf.ts";
import type { prove as Prove } from "./prove.ts";
import { requireSharedState } from "./requireSharedState.ts";
import { deployNeeds, targetOf } from "./targetOf.ts";
import { withStack, type InstallOptions } from "./withStack.ts";

export interface UpOptions extends InstallOptions {
  readonly extra: readonly string[];
  readonly lan?: LanOption;
  /** Whether to prove what is deployed. */
  readonly verify: boolean;
  /** Whether a stack in a cloud is judged by the policy pack. */
  readonly policy: boolean;
  /** Whether the state of a stack in a cloud may lie on this machine. */
  readonly localState: boolean;
}

/** What of a deployed stack says which ports are its own. */
const DeployedPorts = StackOutputs.pick({ ports: true, nodeAddress: true });

/** `npm run up`: set-up, deployment, proof, and what one needs next. */
export function up({ extra, lan, verify, policy, localState, ...options }: UpOptions) {
  const { stack, yes } = options;
  requireStackFile(project, stack);
  const isCloud = targetOf(stack) !== "docker";
  const consent = consentHere(yes);
  if (isCloud) {
    if (lan !== undefined)
      throw new UserError(`--lan and --no-lan are for target docker, and this one is aws`);
    requireSharedState({ stack, localState });
    requireSomebodyToAsk(stack, consent);
  } else if (localState || !policy)
    throw new UserError("--local-state and --no-policy are for target aws, and this one is docker");
  const deploy = async (open: OpenStack) => {
    const { plan } = await checkBeforehand(open, lanWish(lan));
    const deploying = isCloud
      ? deployCloud(open, { plan, consent, policy, extra })
      : run(open, "up", { confirm: false, extra });
    // Loads while Pulumi works.
    const proving = verify ? import("./prove.ts") : undefined;
    const [code, proof] = await Promise.all([deploying, proving]);
    return code === 0 ? proveAndTell(open, proof?.prove) : code;
  };
  return alone("up", stack, () => withStack(options, deploy, deployNeeds(stack)));
}

/** Finds what would stop the deployment before anything is created. Gives the stack's plan. */
export async function checkBeforehand(
  stack: OpenStack,
  lan?: PlanWishes,
): Promise<{ target: string; plan: Plan }> {
  requireRoom(stack);
  await mendState(stack, patient.tell, { inCloud: targetOf(stack.stack) !== "docker" });
  const [existing, pending] = await Promise.all([readStack(stack), readPending(stack)]);
  await mendPending(stack, pending, patient.tell);
  await mendStrangers(stack, patient.tell);
  const { outputs, config } = existing ?? (await createStack(stack));
  try {
    const { target, plan } = await planOf(config, stack.stack, lan);
    if (target === "docker") await requirePorts(plan, DeployedPorts.safeParse(outputs).data);
    if (lan) keepLanWish(stack.stack, lan);
    return { target, plan };
  } catch (error) {
    // The CLI tells the settings of existing stacks only, so this one was made too early.
    if (!existing) await forgetStack(stack);
    throw error;
  }
}

async function proveAndTell(stack: OpenStack, prove: typeof Prove | undefined): Promise<number> {
  const outputs = await deployedOutputs(stack);
  const isCloud = outputs.cloud !== undefined;
  if (prove && isCloud && !(await awaitReady(stack.stack, outputs))) return 1;
  const code = prove ? await prove(outputs, { json: false }) : 0;
  if (code !== 0) await tellBlame(outputs);
  const ownBackend = stack.backend.owner === "turnkey";
  const { caCertificate } = outputs;
  const isLocal = caCertificate !== undefined && isLocalCa(caCertificate);
  const caFile = isLocal ? localCaCertificateFile() : undefined;
  console.log(`\n${nextSteps({ stack: stack.stack, outputs, ownBackend, caFile })}`);
  const lan = isCloud
    ? undefined
    : lanSteps(outputs, { localCa: caFile !== undefined, qrCode: process.stdout.isTTY });
  if (lan !== undefined) console.log(`\n${lan}`);
  return code;
}
