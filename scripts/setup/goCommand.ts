/** Go commands that were built here, kept outside the repository. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../machine/folders.ts";
import { buildGoCommand, ourFile } from "./buildGoCommand.ts";
import { findGo } from "./findGo.ts";
import type { StepContext } from "./runStep.ts";
import { versions } from "./versions.ts";
import type { GoRecipe } from "./versions.ts";

/** Where builds are kept. */
export const buildsFolder = () => join(cacheFolder(), "builds");

/** Tells builds of a recipe apart: another module has another, and so have other files of ours in it. */
export function buildMark({ checksum, replaced }: GoRecipe): string {
  const ours = Object.values(replaced ?? {}).map((it) => readFileSync(ourFile(it)));
  const mark =
    ours.length === 0
      ? checksum.slice("h1:".length)
      : createHash("sha256")
          .update(Buffer.concat([Buffer.from(checksum), ...ours]))
          .digest("base64");
  return mark.replaceAll(/\W/g, "").slice(0, 8);
}

/** Where a recipe's finished command lies. */
export function builtCommand(recipe: GoRecipe): string {
  const name = recipe.module.split("/").slice(1, 3).join("-");
  return join(buildsFolder(), `${name}-${recipe.version}-${buildMark(recipe)}`);
}

/** Builds the command unless it is there. */
export async function ensureGoCommand(recipe: GoRecipe, context: StepContext): Promise<void> {
  const output = builtCommand(recipe);
  if (existsSync(output)) return;
  const go = await findGo(versions.minimumGo);
  await buildGoCommand({ recipe, go, output, workFolder: `${output}.work` }, context);
}
