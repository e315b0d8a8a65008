/**
 * The file that names the images built on this machine: written by the set-up, read by the program.
 * Without it the published images are used.
 */
import { join } from "node:path";
import { LocalImages } from "../plan/machine.ts";
import { cacheFolder } from "./folders.ts";
import { readIfThere } from "./readIfThere.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export const localImagesFile = (env: Environment = process.env) =>
  join(cacheFolder(env), "local-images.json");

/** The images built here, none when the file is absent. Throws when the file says something else. */
export function readLocalImages(file = localImagesFile()): LocalImages {
  const text = readIfThere(file);
  return text === undefined ? {} : LocalImages.parse(JSON.parse(text));
}
