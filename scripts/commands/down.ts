import { ownLeftovers, removeLeftovers } from "../pulumi/leftovers.ts";
import { project } from "../pulumi/project.ts";
import type { OpenStack } from "../pulumi/openStack.ts";
import { run } from "../pulumi/operations.ts";
import { forgetStack, readStack, type StackState } from "../pulumi/stackState.ts";
import { stopOwnEngine } from "../setup/setup.ts";
import { nothingDeployed, withStack, type InstallOptions } from "./withStack.ts";

export interface DownOptions extends InstallOptions {
  /** Whether to stop a Docker Engine that Turnkey started, too. */
  readonly engine: boolean;
  readonly extra: readonly string[];
}

/** `npm run down`: nothing of the stack is left, neither on its target nor in our backend. */
export async function down({ engine, extra, ...options }: DownOptions): Promise<number> {
  // A machine without the stack is not set up for it first.
  const state = nothingDeployed() ? undefined : await withStack(options, readStack);
  if (!state) {
    console.log(`there is no stack "${options.stack}": nothing to take down`);
    removeLeftovers(ownLeftovers(project));
  } else {
    const take = (stack: OpenStack) => takeDown(stack, state, { yes: options.yes, extra });
    const code = await withStack(options, take, ["cli", "engine"]);
    if (code !== 0) return code;
  }
  if (engine) await stopOwnEngine();
  return 0;
}

async function takeDown(
  stack: OpenStack,
  { config }: StackState,
  { yes, extra }: Pick<DownOptions, "yes" | "extra">,
): Promise<number> {
  // Without a file nobody can tell what the stack is, and Pulumi's defaults are not to decide it.
  const isLaptop = stack.files.hasSettings && config["turnkey:target"] === "docker";
  const code = await run(stack, "destroy", { confirm: !isLaptop && !yes, extra });
  if (code !== 0) return code;
  await forgetStack(stack);
  console.log(`stack "${stack.stack}" is gone`);
  return 0;
}
