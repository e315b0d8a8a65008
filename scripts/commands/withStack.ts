import { project } from "../pulumi/project.ts";
import { readBackend } from "../pulumi/backend.ts";
import { holdsStacks } from "../pulumi/leftovers.ts";
import { noStack } from "../pulumi/stackState.ts";
import { openStack, type OpenStack } from "../pulumi/openStack.ts";
import { prepare, type Need } from "../setup/setup.ts";

export interface StackOptions {
  readonly stack: string;
}

/** The options of commands that may have to install something. */
export interface InstallOptions extends StackOptions {
  /** Consent to everything, beforehand. */
  readonly yes: boolean;
  /** Whether to try the official downloads again. */
  readonly online: boolean;
}

/** Enough to read what is deployed. */
const CLI_ONLY: readonly Need[] = ["cli"];

/** Whether our own backend is in use and holds no stack at all: that takes no Pulumi CLI to tell. */
export function nothingDeployed(): boolean {
  const backend = readBackend(project, process.env);
  return backend.owner === "turnkey" && !holdsStacks(backend.folder);
}

/**
 * Gives a command its stack, with the set-up it needs: the Pulumi CLI unless more is named. The copies
 * of the stack's files are gone when the command ends. A command that only reads what is deployed
 * fails at once where nothing is.
 */
export async function withStack<T>(
  options: StackOptions | InstallOptions,
  use: (stack: OpenStack) => Promise<T>,
  needs = CLI_ONLY,
): Promise<T> {
  const { stack, ...consent } = options;
  if (needs === CLI_ONLY && nothingDeployed()) throw noStack(stack);
  const { pulumi, env } = await prepare({ ...consent, needs });
  using open = openStack({ cli: pulumi, project, stack, env: { ...process.env, ...env } });
  return await use(open);
}
