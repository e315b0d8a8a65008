import type { StackOutputs } from "../../turn/outputs.ts";
import { npmRun } from "../npmRun.ts";
import { run } from "../pulumi/operations.ts";
import { deployedOutputs } from "../pulumi/stackState.ts";
import { stackFileName } from "../pulumi/stackFiles.ts";
import { consentHere } from "../setup/privilege.ts";
import { Refusal, UserError } from "../userError.ts";
import { deployCloud } from "./deployCloud.ts";
import { deployNeeds } from "./targetOf.ts";
import { checkBeforehand } from "./up.ts";
import { type InstallOptions, withStack } from "./withStack.ts";

/**
 * Deploys what the stack's file says as `npm run up` does, but for the proof, and gives the outputs;
 * stdout stays the command's own. The user has agreed to services being started anew; in a cloud, more
 * than that is asked. Throws a UserError where it fails, as the file then says more than what is deployed.
 */
export const deploy = (options: InstallOptions): Promise<StackOutputs> =>
  withStack(
    options,
    async (stack) => {
      const { target, plan } = await checkBeforehand(stack);
      const code =
        target === "docker"
          ? await run(stack, "up", { confirm: false, extra: [], printTo: "stderr" })
          : await deployCloud(stack, {
              plan,
              consent: consentHere(options.yes),
              isAgreed: true,
              policy: true,
              extra: [],
              printTo: "stderr",
            }).catch((error: unknown) => {
              throw error instanceof Refusal ? notDeployed(options.stack, "you said no") : error;
            });
      if (code === 0) return deployedOutputs(stack);
      throw notDeployed(options.stack, `Pulumi ended with exit code ${code}`);
    },
    deployNeeds(options.stack),
  );

const notDeployed = (stack: string, why: string) =>
  new UserError(`${stackFileName(stack)} says it, but it is not deployed: ${why}`, [
    `mend what is told above, then ${npmRun("up", stack)}`,
  ]);
