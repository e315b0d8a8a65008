import { existsSync } from "node:fs";
import { join } from "node:path";
import { readBackend } from "../pulumi/backend.ts";
import { ownLeftovers, removeLeftovers } from "../pulumi/leftovers.ts";
import { mendPending, readPending } from "../pulumi/mendPending.ts";
import { isDamaged, mendState } from "../pulumi/mendState.ts";
import { patient } from "../pulumi/patience.ts";
import { project } from "../pulumi/project.ts";
import { demand, type OpenStack } from "../pulumi/openStack.ts";
import { protectedIn } from "../pulumi/protectedResources.ts";
import { requireRoom } from "../pulumi/requireRoom.ts";
import { run } from "../pulumi/operations.ts";
import { stackFileName } from "../pulumi/stackFiles.ts";
import { forgetStack, readStack, type StackState } from "../pulumi/stackState.ts";
import { consentHere } from "../setup/privilege.ts";
import { type Need, stopOwnEngine } from "../setup/setup.ts";
import { alone } from "./alone.ts";
import { requireRelease, type UnprotectOption } from "./release.ts";
import { targetOf } from "./targetOf.ts";
import { nothingDeployed, withStack, type InstallOptions } from "./withStack.ts";

export interface DownOptions extends InstallOptions {
  /** Whether to stop a Docker Engine that Turnkey started, too. */
  readonly engine: boolean;
  /** Whether what is protected goes as well. */
  readonly unprotect?: UnprotectOption;
  readonly extra: readonly string[];
}

/** `npm run down`: nothing of the stack is left, neither on its target nor in our backend. */
export const down = (options: DownOptions): Promise<number> =>
  alone("down", options.stack, () => downAlone(options));

async function downAlone({ engine, extra, unprotect, ...options }: DownOptions): Promise<number> {
  const place = { backend: readBackend(project), project, stack: options.stack, env: process.env };
  if (isDamaged(place)) {
    const inCloud = isInCloud(options.stack);
    const mend = () => mendState(place, patient.tell, { inCloud });
    await withStack(options, mend, needsOf(inCloud));
  }
  // A machine without the stack is not set up for it first.
  const state = nothingDeployed() ? undefined : await withStack(options, readStack);
  if (!state) {
    console.log(`there is no stack "${options.stack}": nothing to take down`);
    removeLeftovers(ownLeftovers(project));
  } else {
    const wishes = { yes: options.yes, unprotect, extra };
    const take = (stack: OpenStack) => takeDown(stack, state, wishes);
    const needs = needsOf(state.config["turnkey:target"] === "aws");
    const code = await withStack(options, take, needs);
    if (code !== 0) return code;
  }
  if (engine) await stopOwnEngine();
  return 0;
}

/** What runs in AWS is taken down there. */
const needsOf = (inCloud: boolean): readonly Need[] => (inCloud ? ["cli"] : ["cli", "engine"]);

/** A stack without a file counts as one of this machine. */
const isInCloud = (stack: string) =>
  existsSync(join(project, stackFileName(stack))) && targetOf(stack) !== "docker";

async function takeDown(
  stack: OpenStack,
  { config }: StackState,
  { yes, unprotect, extra }: Pick<DownOptions, "yes" | "unprotect" | "extra">,
): Promise<number> {
  // Without a file nobody can tell what the stack is, and Pulumi's defaults are not to decide it.
  const isLaptop = stack.files.hasSettings && config["turnkey:target"] === "docker";
  requireRoom(stack);
  const held = protectedIn(await demand(stack, ["stack", "export"]));
  // All questions come before the first change, so that nothing is taken down half-way.
  await requireRelease({ stack: stack.stack, held, unprotect }, consentHere(yes));
  await mendPending(stack, await readPending(stack), patient.tell);
  if (held.length > 0) await demand(stack, ["state", "unprotect", "--all", "--yes"]);
  // Who typed the stack's name has been asked.
  const confirm = !isLaptop && !yes && held.length === 0;
  const code = await run(stack, "destroy", { confirm, extra });
  if (code !== 0) return code;
  await forgetStack(stack);
  console.log(`stack "${stack.stack}" is gone`);
  return 0;
}
