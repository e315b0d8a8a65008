/** Removes what the set-up made on this machine, except for what only the system's tools remove. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { connectEngine } from "../../machine/dockerEngine.ts";
import { EngineError } from "../../machine/engineError.ts";
import { BUILD_FOLDER, cacheFolder, pulumiHome } from "../../machine/folders.ts";
import { lanChoiceFolder } from "../../machine/lanChoice.ts";
import { localCaCertificateFile, localCaFile } from "../../machine/localCa.ts";
import { removeStandIns } from "../../registry-only/remove.ts";
import { ownLeftovers, removeLeftovers } from "../pulumi/leftovers.ts";
import { project } from "../pulumi/project.ts";
import { removeLocalImages } from "./importImage.ts";
import { engineFolder, ownEngine } from "./ownEngine.ts";
import { removeBuiltClis } from "./pulumiStep.ts";

async function images(): Promise<string[]> {
  try {
    const engine = connectEngine();
    await engine.ping();
    return await removeLocalImages(engine);
  } catch (error) {
    // Without an engine there are no images to be had rid of.
    if (error instanceof EngineError && error.kind !== "answer") return [];
    throw error;
  }
}

function removeFiles(files: readonly string[]): string[] {
  const found = files.filter((file) => existsSync(file));
  for (const file of found) rmSync(file, { recursive: true, force: true });
  return found;
}

/** The cache folder; an engine of ours that runs keeps its log and its identity there. */
function cacheFiles(cache = cacheFolder()): string[] {
  if (!ownEngine(cache)) return [cache];
  const spared = engineFolder(cache);
  return readdirSync(cache)
    .map((name) => join(cache, name))
    .filter((file) => file !== spared);
}

/**
 * Removes local images, stand-ins and the built Pulumi CLI, caches, the local CA, which stacks serve the
 * LAN, and what is left of our backend once it holds no stack. A Docker Engine stays, whoever started it.
 * Gives what was removed: paths and image names.
 */
export async function clean(): Promise<string[]> {
  return [
    ...(await images()),
    ...(await removeStandIns(pulumiHome())),
    ...removeBuiltClis(),
    ...removeFiles([
      ...cacheFiles(),
      join(project, BUILD_FOLDER),
      localCaFile(),
      localCaCertificateFile(),
      lanChoiceFolder(),
    ]),
    ...removeLeftovers(ownLeftovers(project)),
  ];
}
