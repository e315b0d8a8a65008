import { deployedOutputs } from "../pulumi/stackState.ts";
import { prove } from "./prove.ts";
import { withStack, type StackOptions } from "./withStack.ts";

export interface VerifyOptions extends StackOptions {
  readonly json: boolean;
}

/** `npm run verify`: proves the deployed stack again; 1 when a leg fails. */
export const verify = ({ json, ...options }: VerifyOptions): Promise<number> =>
  withStack(options, async (stack) => prove(await deployedOutputs(stack), { json }));
