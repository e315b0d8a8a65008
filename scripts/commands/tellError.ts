import { isNativeError } from "node:util/types";
import { EngineError } from "../../machine/engineError.ts";
import { UserError } from "../userError.ts";

/** Tells what can be mended in a few lines; anything else is a bug and keeps its stack. */
export function tellError(error: unknown, tell: (text: unknown) => void = console.error): void {
  const known = asUserError(error);
  tell(known ? known.told() : error);
}

function asUserError(error: unknown): UserError | undefined {
  if (error instanceof UserError) return error;
  if (error instanceof EngineError) return new UserError(error.what, [error.mend]);
  // `ENOSPC: no space left on device, write` or with the file it was about.
  if (isNativeError(error) && "code" in error && error.code === "ENOSPC")
    return new UserError(`a disk is full: ${error.message}`, [
      "make room (df -h shows which disk), then run this again",
    ]);
  return undefined;
}
