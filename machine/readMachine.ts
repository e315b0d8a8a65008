/** The border of the program: reads once, as plain data, what the plan must know of this machine. */
import type { Machine } from "../plan/machine.ts";
import { connectEngine } from "./dockerEngine.ts";
import { engineInfo } from "./engineInfo.ts";
import { engineKind, unfitEngine } from "./engineKind.ts";
import { readLocalImages } from "./localImages.ts";

/** A stack on a laptop serves the laptop. */
const LOOPBACK = "127.0.0.1";

/** This machine. Throws an EngineError when no Docker Engine answers, or one that stacks cannot run on. */
export async function readMachine(): Promise<Machine> {
  const unfit = unfitEngine(engineKind(await engineInfo(connectEngine())));
  if (unfit) throw unfit;
  return { nodeAddress: LOOPBACK, localImages: readLocalImages() };
}
