/** Go commands that were built here, kept outside the repository. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../machine/folders.ts";
import { buildGoCommand } from "./buildGoCommand.ts";
import { findGo } from "./findGo.ts";
import type { StepContext } from "./runStep.ts";
import { versions } from "./versions.ts";
import type { GoRecipe } from "./versions.ts";

/** Where builds are kept. */
export const buildsFolder = () => join(cacheFolder(), "builds");

/** Where a recipe's finished command lies: another version or checksum has another place. */
export function builtCommand({ module, version, checksum }: GoRecipe): string {
  const name = module.split("/").slice(1, 3).join("-");
  const mark = checksum.slice("h1:".length).replaceAll(/\W/g, "").slice(0, 8);
  return join(buildsFolder(), `${name}-${version}-${mark}`);
}

/** Builds the command unless it is there. */
export async function ensureGoCommand(recipe: GoRecipe, context: StepContext): Promise<void> {
  const output = builtCommand(recipe);
  if (existsSync(output)) return;
  const go = await findGo(versions.minimumGo);
  await buildGoCommand({ recipe, go, output, workFolder: `${output}.work` }, context);
}
