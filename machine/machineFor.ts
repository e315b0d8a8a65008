import { networkSetting, type Settings } from "../config.ts";
import { cloudMachine } from "../plan/cloudMachine.ts";
import type { Machine } from "../plan/machine.ts";
import { PUBLIC_ADDRESS } from "../plan/nodeDocument.ts";
import type { LanChoice } from "./lanChoice.ts";
import { readMachine } from "./readMachine.ts";

/**
 * The machine that a stack's services run on, as the plan wants it: this one, or a node of a cloud whose
 * address is known only later. `lan` says where to serve the LAN. Throws what `readMachine` throws.
 */
export const machineFor = (settings: Settings, lan: LanChoice | undefined): Promise<Machine> =>
  settings.target === "docker"
    ? readMachine({ network: networkSetting(settings), lan })
    : Promise.resolve(cloudMachine(PUBLIC_ADDRESS));
