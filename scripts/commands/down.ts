import { readBackend } from "../pulumi/backend.ts";
import { ownLeftovers, removeLeftovers } from "../pulumi/leftovers.ts";
import { mendPending, readPending } from "../pulumi/mendPending.ts";
import { isDamaged, mendState } from "../pulumi/mendState.ts";
import { patient } from "../pulumi/patience.ts";
import { project } from "../pulumi/project.ts";
import type { OpenStack } from "../pulumi/openStack.ts";
import { requireRoom } from "../pulumi/requireRoom.ts";
import { run } from "../pulumi/operations.ts";
import { forgetStack, readStack, type StackState } from "../pulumi/stackState.ts";
import { stopOwnEngine } from "../setup/setup.ts";
import { alone } from "./alone.ts";
import { nothingDeployed, withStack, type InstallOptions } from "./withStack.ts";

export interface DownOptions extends InstallOptions {
  /** Whether to stop a Docker Engine that Turnkey started, too. */
  readonly engine: boolean;
  readonly extra: readonly string[];
}

/** `npm run down`: nothing of the stack is left, neither on its target nor in our backend. */
export const down = (options: DownOptions): Promise<number> =>
  alone("down", options.stack, () => downAlone(options));

async function downAlone({ engine, extra, ...options }: DownOptions): Promise<number> {
  const place = { backend: readBackend(project), project, stack: options.stack, env: process.env };
  if (isDamaged(place)) {
    const mend = () => mendState(place, patient.tell);
    await withStack(options, mend, ["cli", "engine"]);
  }
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
  requireRoom(stack);
  await mendPending(stack, await readPending(stack), patient.tell);
  const code = await run(stack, "destroy", { confirm: !isLaptop && !yes, extra });
  if (code !== 0) return code;
  await forgetStack(stack);
  console.log(`stack "${stack.stack}" is gone`);
  return 0;
}
