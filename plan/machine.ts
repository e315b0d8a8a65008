/** What the plan must know of the machine it is made on; read once, at the border, by machine/readMachine.ts. */
import type { LocalImages } from "../machine/localImages.ts";

export interface Machine {
  /** The IPv4 address that LiveKit announces and listens on. */
  readonly nodeAddress: string;
  /** Images built on this machine in place of published ones. */
  readonly localImages: LocalImages;
}
