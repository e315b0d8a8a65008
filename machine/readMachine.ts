/** The border of the program: reads once, as plain data, what the plan must know of this machine. */
import type { Machine, NetworkMode } from "../plan/machine.ts";
import { LOOPBACK } from "../turn/ports.ts";
import { connectEngine } from "./dockerEngine.ts";
import { engineInfo } from "./engineInfo.ts";
import { engineKind, networkOf } from "./engineKind.ts";
import { readLocalImages } from "./localImages.ts";

export interface MachineWishes {
  /** The network mode that the settings name, if they name one. */
  readonly network?: NetworkMode | undefined;
}

/** This machine. Throws an EngineError when no Docker Engine answers, or the mode is none of its. */
export async function readMachine({ network }: MachineWishes): Promise<Machine> {
  const kind = engineKind(await engineInfo(connectEngine()));
  return {
    nodeAddress: LOOPBACK,
    network: networkOf(kind, network),
    localImages: readLocalImages(),
  };
}
