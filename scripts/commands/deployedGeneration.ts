import { StackOutputs } from "../../turn/outputs.ts";
import { readOutputs } from "../pulumi/stackState.ts";
import { nothingDeployed, withStack } from "./withStack.ts";

const Generation = StackOutputs.pick({ keyGeneration: true });

/** The generation of the keys that are in use, undefined when nothing is deployed. */
export async function deployedGeneration(stack: string): Promise<number | undefined> {
  if (nothingDeployed()) return undefined;
  const outputs = await withStack({ stack }, (open) => readOutputs(open, { secrets: false }));
  return Generation.safeParse(outputs).data?.keyGeneration;
}
