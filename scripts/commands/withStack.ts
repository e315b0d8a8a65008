import { project } from "../pulumi/project.ts";
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

/**
 * Gives a command its stack, with the set-up it needs: the Pulumi CLI unless more is named. The copies
 * of the stack's files are gone when the command ends.
 */
export async function withStack<T>(
  options: StackOptions | InstallOptions,
  use: (stack: OpenStack) => Promise<T>,
  needs = CLI_ONLY,
): Promise<T> {
  const { stack, ...consent } = options;
  const { pulumi, env } = await prepare({ ...consent, needs });
  using open = openStack({ cli: pulumi, project, stack, env: { ...process.env, ...env } });
  return await use(open);
}
