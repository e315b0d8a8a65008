/** lego, the ACME client of a node, as an image for nodes that boot in tests: the published one comes from a registry. */
import type { DockerEngine } from "../../machine/dockerEngine.ts";
import { buildMark, builtCommand, ensureGoCommand } from "./goCommand.ts";
import { hasImage, type ImageRecipe, importImage, LOCAL_PREFIX, reference } from "./importImage.ts";
import { runStep } from "./runStep.ts";
import { versions } from "./versions.ts";

const recipe = versions.builds.lego;

/** Where the published image has the program. */
const PROGRAM = "/lego";

/** Like the published image, without a system below: the program, and room for temporary files. */
const image: ImageRecipe = {
  name: `${LOCAL_PREFIX}lego`,
  version: recipe.version,
  entrypoint: PROGRAM,
  entries: [
    {
      path: PROGRAM,
      mode: 0o755,
      source: builtCommand(recipe),
      identity: `${buildMark(recipe)} ${process.arch}`,
    },
    { path: "/tmp", folderMode: 0o1777 },
  ],
};

/** Name and tag of the image. */
export const legoImage: string = reference(image);

/** Builds it unless the engine holds it. */
export async function readyLego(engine: DockerEngine): Promise<void> {
  if (await hasImage(engine, image)) return;
  await runStep(`building lego ${recipe.version}`, (context) => ensureGoCommand(recipe, context));
  await runStep(`making the image ${legoImage}`, () => importImage(engine, image));
}
