/** The border of the program: reads once, as plain data, what the plan must know of this machine. */
import type { Machine, NetworkMode } from "../plan/machine.ts";
import { LOOPBACK } from "../turn/ports.ts";
import { connectEngine } from "./dockerEngine.ts";
import { engineInfo } from "./engineInfo.ts";
import { engineKind, networkOf } from "./engineKind.ts";
import { lanAddress } from "./lanAddress.ts";
import type { LanChoice } from "./lanChoice.ts";
import { readLocalImages } from "./localImages.ts";
import { networkHere } from "./networkHere.ts";

export interface MachineWishes {
  /** The network mode that the settings name, if they name one. */
  readonly network?: NetworkMode | undefined;
  /** The address to serve the LAN at; undefined serves this machine alone. */
  readonly lan: LanChoice | undefined;
}

/**
 * This machine. Throws an EngineError when no Docker Engine answers, or the mode is none of its, and a
 * LanError when it has not the address on the LAN.
 */
export async function readMachine({ network, lan: choice }: MachineWishes): Promise<Machine> {
  const kind = engineKind(await engineInfo(connectEngine()));
  const lan = choice && lanAddress(choice, networkHere());
  return {
    nodeAddress: lan?.address ?? LOOPBACK,
    ...(lan ? { lan: { subnet: lan.subnet } } : {}),
    network: networkOf(kind, network),
    localImages: readLocalImages(),
  };
}
