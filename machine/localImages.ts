/**
 * Images that were built on this machine because their registries cannot be reached: written by the
 * set-up, read by the program. Without the file the published images are used.
 */
import { join } from "node:path";
import * as z from "zod";
import { cacheFolder } from "./folders.ts";
import { readIfThere } from "./readIfThere.ts";

const LocalImage = z.strictObject({
  /** Name and tag in the Docker Engine, such as `turnkey.local/livekit-server:1.13.5`. */
  reference: z.string().min(1),
  /** Version of what is inside, without a leading `v`. */
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
});

export const LocalImages = z.strictObject({ livekit: LocalImage, node: LocalImage }).partial();
export type LocalImages = z.infer<typeof LocalImages>;

type Environment = Readonly<Record<string, string | undefined>>;

export const localImagesFile = (env: Environment = process.env) =>
  join(cacheFolder(env), "local-images.json");

/** The images built here, none when the file is absent. Throws when the file says something else. */
export function readLocalImages(file = localImagesFile()): LocalImages {
  const text = readIfThere(file);
  return text === undefined ? {} : LocalImages.parse(JSON.parse(text));
}
