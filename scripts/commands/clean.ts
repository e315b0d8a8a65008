import { STACK_LABEL } from "../../components/dockerLabels.ts";
import { connectEngine } from "../../machine/dockerEngine.ts";
import { EngineError } from "../../machine/engineError.ts";
import { objectsByLabel } from "../../machine/engineObjects.ts";
import { npmRun } from "../npmRun.ts";
import { shortName } from "../pulumi/stackFiles.ts";
import { clean as cleanUp } from "../setup/clean.ts";
import { UserError } from "../userError.ts";
import type { StackOptions } from "./withStack.ts";

/** `npm run clean`: caches, images and builds of ours, and the local CA; not under a stack that is up. */
export async function clean({ stack }: StackOptions): Promise<number> {
  if (await isUp(stack))
    throw new UserError(`stack "${stack}" is up, and its certificate is from the local CA`, [
      `${npmRun("down", stack)}, then clean`,
    ]);
  const removed = await cleanUp();
  console.log(removed.length > 0 ? `removed:\n  ${removed.join("\n  ")}` : "nothing to remove");
  return 0;
}

async function isUp(stack: string): Promise<boolean> {
  try {
    const label = `${STACK_LABEL}=${shortName(stack)}`;
    return (await objectsByLabel(connectEngine(), "container", label)).length > 0;
  } catch (error) {
    // Where no engine answers, nothing is up.
    if (error instanceof EngineError) return false;
    throw error;
  }
}
