import type { StackOutputs } from "../../turn/outputs.ts";
import { npmRun } from "../npmRun.ts";
import { run } from "../pulumi/operations.ts";
import { deployedOutputs } from "../pulumi/stackState.ts";
import { stackFileName } from "../pulumi/stackFiles.ts";
import { UserError } from "../userError.ts";
import { checkBeforehand } from "./up.ts";
import { type InstallOptions, withStack } from "./withStack.ts";

/**
 * Deploys what the stack's file says as `npm run up` does, but for the proof, and gives the outputs;
 * stdout stays the command's own. Throws a UserError where it fails, as the file then says more than
 * what is deployed.
 */
export const deploy = (options: InstallOptions): Promise<StackOutputs> =>
  withStack(
    options,
    async (stack) => {
      const target = await checkBeforehand(stack);
      const confirm = target !== "docker" && !options.yes;
      const code = await run(stack, "up", { confirm, extra: [], printTo: "stderr" });
      if (code === 0) return deployedOutputs(stack);
      throw new UserError(
        `${stackFileName(options.stack)} says it, but it is not deployed: Pulumi ended with exit code ${code}`,
        [`mend what is told above, then ${npmRun("up", options.stack)}`],
      );
    },
    ["cli", "engine", "images"],
  );
