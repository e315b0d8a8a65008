/** What the plan must know of the machine it is made on; read once, at the border, by machine/readMachine.ts. */
import * as z from "zod";

const LocalImage = z.strictObject({
  /** Name and tag in the Docker Engine, such as `turnkey.local/livekit-server:1.13.5`. */
  reference: z.string().min(1),
  /** Version of what is inside, without a leading `v`. */
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
});

/**
 * Images that were built on this machine because their registries cannot be reached. What a newer
 * checkout on the same machine wrote of others is passed over.
 */
export const LocalImages = z
  .object({ livekit: LocalImage, node: LocalImage, haproxy: LocalImage })
  .partial();
export type LocalImages = z.infer<typeof LocalImages>;

/**
 * How LiveKit meets the network. `host`: it shares the machine's. `bridge`: its ports are published,
 * for engines whose network is not the machine's (Docker Desktop, rootless, WSL).
 */
export type NetworkMode = "host" | "bridge";

export interface Machine {
  /** The IPv4 address that LiveKit announces: 127.0.0.1, one on the LAN, or a public one. */
  readonly nodeAddress: string;
  /** The address that public ports are opened on, if it is another: behind a one-to-one NAT nobody has the announced one. */
  readonly bindAddress?: string;
  /** The network that `nodeAddress` belongs to, such as `192.168.1.0/24`; undefined off a LAN. */
  readonly lan?: { readonly subnet: string };
  /** What suits the Docker Engine of this machine. */
  readonly network: NetworkMode;
  /** Used in place of the published images. */
  readonly localImages: LocalImages;
}
