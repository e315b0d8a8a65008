import { StackOutputs } from "../../turn/outputs.ts";
import { AnyOutputs, checkOutputs, readOutputs } from "../pulumi/stackState.ts";
import { outputsTable } from "./outputsTable.ts";
import { withStack, type StackOptions } from "./withStack.ts";

export interface OutputsOptions extends StackOptions {
  readonly json: boolean;
  readonly showSecrets: boolean;
}

/** `npm run outputs`: what the stack says of itself, secrets only when they are asked for. */
export const outputs = ({ json, showSecrets, ...options }: OutputsOptions): Promise<number> =>
  withStack(options, async (stack) => {
    const values = await readOutputs(stack, { secrets: showSecrets || !json });
    console.log(
      json
        ? JSON.stringify(checkOutputs(stack.stack, values, AnyOutputs), undefined, 2)
        : outputsTable(checkOutputs(stack.stack, values, StackOutputs), showSecrets),
    );
    return 0;
  });
