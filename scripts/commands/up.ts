import { isLocalCa, localCaCertificateFile } from "../../machine/localCa.ts";
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
import { UserError } from "../userError.ts";
import { alone } from "./alone.ts";
import type { prove as Prove } from "./prove.ts";
import { lanSteps } from "./lanSteps.ts";
import { keepLanWish, type LanOption, lanWish } from "./lanWish.ts";
import { nextSteps } from "./nextSteps.ts";
import { planOf, type PlanWishes } from "./planOf.ts";
import { withStack, type InstallOptions } from "./withStack.ts";

export interface UpOptions extends InstallOptions {
  readonly extra: readonly string[];
  readonly lan?: LanOption;
  /** Whether to prove what is deployed. */
  readonly verify: boolean;
}

/** What of a deployed stack says which ports are its own. */
const DeployedPorts = StackOutputs.pick({ ports: true, nodeAddress: true });

/** `npm run up`: set-up, deployment, proof, and what one needs next. */
export function up({ extra, lan, verify, ...options }: UpOptions): Promise<number> {
  requireStackFile(project, options.stack);
  const deploy = async (stack: OpenStack) => {
    const target = await checkBeforehand(stack, lanWish(lan));
    const deploying = run(stack, "up", { confirm: target !== "docker" && !options.yes, extra });
    // Loads while Pulumi works.
    const proving = verify ? import("./prove.ts") : undefined;
    const [code, proof] = await Promise.all([deploying, proving]);
    return code === 0 ? proveAndTell(stack, proof?.prove) : code;
  };
  return alone("up", options.stack, () => withStack(options, deploy, ["cli", "engine", "images"]));
}

/** Finds what would stop the deployment before anything is created. Gives the stack's target. */
export async function checkBeforehand(stack: OpenStack, lan?: PlanWishes): Promise<string> {
  requireRoom(stack);
  await mendState(stack, patient.tell);
  const [existing, pending] = await Promise.all([readStack(stack), readPending(stack)]);
  await mendPending(stack, pending, patient.tell);
  await mendStrangers(stack, patient.tell);
  const { outputs, config } = existing ?? (await createStack(stack));
  try {
    const { target, plan } = await planOf(config, stack.stack, lan);
    if (lan && target !== "docker")
      throw new UserError(`--lan and --no-lan are for target docker, and this one is ${target}`);
    if (target === "docker") await requirePorts(plan, DeployedPorts.safeParse(outputs).data);
    if (lan) keepLanWish(stack.stack, lan);
    return target;
  } catch (error) {
    // The CLI tells the settings of existing stacks only, so this one was made too early.
    if (!existing) await forgetStack(stack);
    throw error;
  }
}

async function proveAndTell(stack: OpenStack, prove: typeof Prove | undefined): Promise<number> {
  const outputs = await deployedOutputs(stack);
  const code = prove ? await prove(outputs, { json: false }) : 0;
  const ownBackend = stack.backend.owner === "turnkey";
  const caFile = isLocalCa(outputs.caCertificate) ? localCaCertificateFile() : undefined;
  console.log(`\n${nextSteps({ stack: stack.stack, outputs, ownBackend, caFile })}`);
  const lan = lanSteps(outputs, {
    localCa: caFile !== undefined,
    qrCode: process.stdout.isTTY,
  });
  if (lan !== undefined) console.log(`\n${lan}`);
  return code;
}
