import { PortRow } from "../../turn/ports.ts";
import { requirePorts } from "../ports/requirePorts.ts";
import type { OpenStack } from "../pulumi/openStack.ts";
import { run } from "../pulumi/operations.ts";
import { project } from "../pulumi/project.ts";
import { requireStackFile } from "../pulumi/stackFiles.ts";
import { createStack, deployedOutputs, forgetStack, readStack } from "../pulumi/stackState.ts";
import type { prove as Prove } from "./prove.ts";
import { nextSteps } from "./nextSteps.ts";
import { planOf } from "./planOf.ts";
import { withStack, type InstallOptions } from "./withStack.ts";

export interface UpOptions extends InstallOptions {
  readonly extra: readonly string[];
}

/** `npm run up`: set-up, deployment, proof, and what one needs next. */
export function up({ extra, ...options }: UpOptions): Promise<number> {
  requireStackFile(project, options.stack);
  return withStack(
    options,
    async (stack) => {
      const target = await checkBeforehand(stack);
      const deploying = run(stack, "up", { confirm: target !== "docker" && !options.yes, extra });
      // Loads while Pulumi works.
      const [code, { prove }] = await Promise.all([deploying, import("./prove.ts")]);
      return code === 0 ? proveAndTell(stack, prove) : code;
    },
    ["cli", "engine", "images"],
  );
}

/** Finds what would stop the deployment before anything is created. Gives the stack's target. */
async function checkBeforehand(stack: OpenStack): Promise<string> {
  const existing = await readStack(stack);
  const { outputs, config } = existing ?? (await createStack(stack));
  try {
    const { target, plan } = await planOf(config, stack.stack);
    const ports = PortRow.array().safeParse(outputs["ports"]);
    if (target === "docker") await requirePorts(plan, ports.data);
    return target;
  } catch (error) {
    // The CLI tells the settings of existing stacks only, so this one was made too early.
    if (!existing) await forgetStack(stack);
    throw error;
  }
}

async function proveAndTell(stack: OpenStack, prove: typeof Prove): Promise<number> {
  const outputs = await deployedOutputs(stack);
  const code = await prove(outputs, { json: false });
  const ownBackend = stack.backend.owner === "turnkey";
  console.log(`\n${nextSteps({ stack: stack.stack, outputs, ownBackend })}`);
  return code;
}
