/** The border of the program: reads once, as plain data, what the plan must know of this machine. */
import * as pulumi from "@pulumi/pulumi";
import type { Machine } from "../plan/machine.ts";
import { connectEngine } from "./dockerEngine.ts";
import { EngineError } from "./engineError.ts";
import { engineInfo } from "./engineInfo.ts";
import { engineKind, unfitEngine } from "./engineKind.ts";
import { readLocalImages } from "./localImages.ts";

/** A stack on a laptop serves the laptop. */
const LOOPBACK = "127.0.0.1";

/** This machine. Throws a RunError when no Docker Engine answers, or one that stacks cannot run on. */
export async function readMachine(): Promise<Machine> {
  const unfit = unfitEngine(engineKind(await askEngine()));
  if (unfit) throw new pulumi.RunError(unfit);
  return { nodeAddress: LOOPBACK, localImages: readLocalImages() };
}

async function askEngine() {
  try {
    return await engineInfo(connectEngine());
  } catch (error) {
    if (error instanceof EngineError) throw new pulumi.RunError(error.message, { cause: error });
    throw error;
  }
}
