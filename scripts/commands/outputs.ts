import { StackOutputs } from "../../turn/outputs.ts";
import { AnyOutputs, checkOutputs, deployedOutputs, readOutputs } from "../pulumi/stackState.ts";
import { extraCa, outputsEnv } from "./outputsEnv.ts";
import { outputsTable } from "./outputsTable.ts";
import { withStack, type StackOptions } from "./withStack.ts";

export interface OutputsOptions extends StackOptions {
  readonly json: boolean;
  /** As lines of a .env file, secrets in clear. */
  readonly env: boolean;
  readonly showSecrets: boolean;
}

/** `npm run outputs`: what the stack says of itself, secrets only when they are asked for. */
export const outputs = ({ json, env, showSecrets, ...options }: OutputsOptions): Promise<number> =>
  withStack(options, async (stack) => {
    if (env) {
      const values = await deployedOutputs(stack);
      const ca = extraCa(values);
      console.log(outputsEnv(values, { now: new Date(), ...(ca !== undefined && { ca }) }));
      return 0;
    }
    const values = await readOutputs(stack, { secrets: showSecrets || !json });
    console.log(
      json
        ? JSON.stringify(checkOutputs(stack.stack, values, AnyOutputs), undefined, 2)
        : outputsTable(checkOutputs(stack.stack, values, StackOutputs), showSecrets),
    );
    return 0;
  });
