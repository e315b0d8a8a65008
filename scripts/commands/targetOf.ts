/** Where a stack runs, as its file says, and what deploying it takes on this machine. */
import type { Settings } from "../../config.ts";
import { stackConfig } from "../doctor/stackConfig.ts";
import { project } from "../pulumi/project.ts";
import type { Need } from "../setup/setup.ts";
import { settingsOf } from "./stackSettings.ts";

/**
 * The target in the stack's file; a value that is no target counts as docker, and the settings' own check
 * tells. Throws a UserError when the stack has no file.
 */
export const targetOf = (stack: string): Settings["target"] =>
  stackConfig(project, stack)["turnkey:target"] === "aws" ? "aws" : "docker";

const HERE: readonly Need[] = ["cli", "engine", "images"];

/** What a preview takes: what runs in a cloud takes nothing but Pulumi. */
export const previewNeeds = (stack: string): readonly Need[] =>
  targetOf(stack) === "docker" ? HERE : ["cli"];

/**
 * What a deployment takes: a Docker Engine as well where the API's image is built here. Throws a
 * UserError with everything that is wrong with the settings of a stack in a cloud.
 */
export function deployNeeds(stack: string): readonly Need[] {
  if (targetOf(stack) === "docker") return HERE;
  return settingsOf(stack).api.image === undefined ? ["cli", "engine"] : ["cli"];
}
