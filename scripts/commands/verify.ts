import { text } from "node:stream/consumers";
import { deploymentTarget, stackTarget } from "../../verify/target.ts";
import { deployedOutputs } from "../pulumi/stackState.ts";
import { tellBlame } from "./awaitReady.ts";
import { deploymentOf, type DeploymentOptions } from "./deploymentOf.ts";
import { proveTarget } from "./prove.ts";
import { withStack, type StackOptions } from "./withStack.ts";

export interface VerifyOptions extends StackOptions, DeploymentOptions {
  readonly json: boolean;
}

/** `npm run verify`: proves the deployed stack again, or any deployment; 1 when a leg fails. */
export async function verify({ json, ...options }: VerifyOptions): Promise<number> {
  const { livekitVersion } = options;
  const deployment = await deploymentOf(options, {
    env: process.env,
    readStdin: () => text(process.stdin),
  });
  if (deployment) return proveTarget(deploymentTarget(deployment), { json });
  return withStack(options, async (stack) => {
    const outputs = await deployedOutputs(stack);
    const code = await proveTarget(stackTarget(outputs, { livekitVersion }), { json });
    if (code !== 0) await tellBlame(outputs);
    return code;
  });
}
