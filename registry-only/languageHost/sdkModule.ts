import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * The path of `@pulumi/pulumi/cmd/<command>` as a program or a policy pack in `folder` finds it; an
 * error that says what to do when the SDK is not installed there.
 */
export function sdkModule(command: "run" | "run-policy-pack", folder: string): string {
  try {
    return createRequire(join(folder, "package.json")).resolve(`@pulumi/pulumi/cmd/${command}`);
  } catch (cause) {
    throw new Error(`@pulumi/pulumi is not installed for ${folder}: run npm install there`, {
      cause,
    });
  }
}
