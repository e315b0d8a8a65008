/** Where the Pulumi CLI of our version lies, and whether what lies there is official. */
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pulumiHome } from "../../machine/folders.ts";
import { versions } from "./versions.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder in which the npm package `pulumi` looks for its CLI: `bin/` inside holds the CLI and
 * its language hosts.
 */
export const cliFolder = (env: Environment = process.env) =>
  join(pulumiHome(env), "versions", versions.pulumi);

/** Absolute path of the CLI. */
export const cliFile = (env: Environment = process.env) =>
  join(cliFolder(env), "bin", process.platform === "win32" ? "pulumi.exe" : "pulumi");

/** Name of the file that says that the CLI in its folder was built by Turnkey and may be removed by it. */
const MARKER = "turnkey-built-cli";
export const cliMarker = (folder: string) => join(folder, MARKER);

/** The folders of CLIs that were built here, of whatever version. */
export function builtCliFolders(env: Environment = process.env): string[] {
  const folder = join(pulumiHome(env), "versions");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((it) => existsSync(cliMarker(it)));
}

/** The text of the marker. */
export const cliMarkerText = [
  "This Pulumi CLI was built from its Go module by Turnkey, and the language host beside it is a",
  "stand-in, as Pulumi's download site could not be reached from here. Turnkey removes this folder",
  "as soon as the download site answers.",
  "",
].join("\n");

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What lies at the CLI's place. */
export function installedCli(env: Environment = process.env): "official" | "stand-in" | "none" {
  if (!isExecutable(cliFile(env))) return "none";
  return existsSync(cliMarker(cliFolder(env))) ? "stand-in" : "official";
}

/** The folder of an official plugin, as the CLI names it. */
export const pluginFolder = (
  { name, version }: { readonly name: string; readonly version: string },
  env: Environment = process.env,
) => join(pulumiHome(env), "plugins", `resource-${name}-v${version}`);
