import { npmRun } from "../npmRun.ts";
import { shellWord } from "../shellWord.ts";
import { UserError } from "../userError.ts";
import { requireSharedState } from "./requireSharedState.ts";
import { revokeGeneration } from "./revokeGeneration.ts";
import { revokeUser } from "./revokeUser.ts";
import { targetOf } from "./targetOf.ts";
import type { InstallOptions } from "./withStack.ts";

export interface RevokeOptions extends InstallOptions {
  readonly args: readonly string[];
  /** Lets a user in again. */
  readonly undo: boolean;
  /** Whether the state of a stack in a cloud may lie on this machine. */
  readonly localState: boolean;
  readonly json: boolean;
}

/**
 * `npm run revoke -- generation N` and `npm run revoke -- user ID`: ends now what would end by itself
 * later, deploys it, and tells what goes on until when.
 */
export function revoke(options: RevokeOptions): Promise<number> {
  const [what, which = ""] = options.args;
  if (what === "user") {
    requireState(options);
    return revokeUser(options, which);
  }
  if (what !== "generation")
    throw new UserError(`${what} cannot be revoked: wanted is generation or user`, [
      "npm run revoke -- generation 1",
      "npm run revoke -- user alice",
    ]);
  if (!/^[1-9]\d{0,8}$/.test(which))
    throw new UserError(`${which} is no generation of keys: wanted is a number from 1 on`, [
      "npm run outputs shows the current one",
    ]);
  if (options.undo)
    throw new UserError("keys that are revoked stay so: --undo is for users", [
      "npm run revoke -- user alice --undo",
    ]);
  requireState(options);
  return revokeGeneration(options, Number(which));
}

/** It deploys, and so asks for what `npm run up` asks for. */
function requireState({ stack, localState, args }: RevokeOptions): void {
  if (targetOf(stack) !== "docker") {
    const again = npmRun("revoke", stack, [...args.map(shellWord), "--local-state"].join(" "));
    requireSharedState({ stack, localState, again });
  } else if (localState)
    throw new UserError("--local-state is for target aws, and this one is docker");
}
