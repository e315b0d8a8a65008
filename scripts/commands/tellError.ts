import { EngineError } from "../../machine/engineError.ts";
import { UserError } from "../userError.ts";

/** Tells what can be mended in a few lines; anything else is a bug and keeps its stack. */
export function tellError(error: unknown, tell: (text: unknown) => void = console.error): void {
  if (error instanceof UserError) tell(error.told());
  else if (error instanceof EngineError) tell(new UserError(error.what, [error.mend]).told());
  else tell(error);
}
