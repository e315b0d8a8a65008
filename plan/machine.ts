/** What the plan must know of the machine it is made on; read once, at the border, by machine/readMachine.ts. */
import * as z from "zod";

const LocalImage = z.strictObject({
  /** Name and tag in the Docker Engine, such as `turnkey.local/livekit-server:1.13.5`. */
  reference: z.string().min(1),
  /** Version of what is inside, without a leading `v`. */
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
});

/** Images that were built on this machine because their registries cannot be reached. */
export const LocalImages = z.strictObject({ livekit: LocalImage, node: LocalImage }).partial();
export type LocalImages = z.infer<typeof LocalImages>;

export interface Machine {
  /** The IPv4 address that LiveKit announces and listens on. */
  readonly nodeAddress: string;
  /** Used in place of the published images. */
  readonly localImages: LocalImages;
}
