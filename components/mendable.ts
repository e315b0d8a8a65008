import * as pulumi from "@pulumi/pulumi";
import { EngineError } from "../machine/engineError.ts";
import { LanError } from "../machine/lanError.ts";
import { SettingsError } from "../settingsError.ts";

/** Does `work`; what goes wrong there and can be mended by the user is told by Pulumi without a stack. */
export async function mendable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SettingsError || error instanceof EngineError || error instanceof LanError)
      throw new pulumi.RunError(error.message, { cause: error });
    throw error;
  }
}
