/** What the plan must know of the machine it is made on; read once, at the border, by machine/readMachine.ts. */
import type { LocalImages } from "../machine/localImages.ts";

/**
 * How the Docker Engine reaches the network of the machine the developer sits at: a `native` Linux
 * engine shares it, the others run in a virtual machine or in a network namespace of their own.
 */
export type EngineKind = "native" | "desktop" | "rootless" | "wsl";

export interface Machine {
  readonly engine: EngineKind;
  /** The IPv4 address that LiveKit announces and listens on. */
  readonly nodeAddress: string;
  /** Images built on this machine in place of published ones. */
  readonly localImages: LocalImages;
}
