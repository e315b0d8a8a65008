import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { exists, isStandIn } from "./marker.ts";
import { MARKER } from "./standIns.ts";

/** The folders under Pulumi's own that hold a stand-in, of whatever version. */
export async function standInFolders(pulumiHome: string): Promise<readonly string[]> {
  const versions = await childrenOf(join(pulumiHome, "versions"));
  const plugins = await childrenOf(join(pulumiHome, "plugins"));
  const folders = [...versions.map((version) => join(version, "bin")), ...plugins];
  const marked = await Promise.all(folders.map((folder) => exists(join(folder, MARKER))));
  return folders.filter((_, i) => marked[i]);
}

/** Whether any stand-in is installed. */
export async function standInsInstalled(pulumiHome: string): Promise<boolean> {
  return (await standInFolders(pulumiHome)).length > 0;
}

/**
 * Removes every stand-in, of whatever version, and nothing else; gives the folders it removed one
 * from. An official executable that has taken a stand-in's place stays.
 */
export async function removeStandIns(pulumiHome: string): Promise<readonly string[]> {
  const folders = await standInFolders(pulumiHome);
  await Promise.all(folders.map(removeFrom));
  return folders;
}

async function removeFrom(folder: string): Promise<void> {
  const names = await readdir(folder);
  const executables = names.filter((name) => /^pulumi-(language|resource)-/.test(name));
  const ours = await Promise.all(executables.map((name) => isStandIn(join(folder, name))));
  const parts = names.filter((name) => name.startsWith(`${MARKER}.`));
  // The marker goes last, so that a removal that was broken off can be repeated.
  for (const name of [...executables.filter((_, i) => ours[i]), ...parts, MARKER]) {
    await rm(join(folder, name), { recursive: true });
  }
  if ((await readdir(folder)).length === 0) await rm(folder, { recursive: true });
}

async function childrenOf(folder: string): Promise<string[]> {
  if (!(await exists(folder))) return [];
  return (await readdir(folder)).map((name) => join(folder, name));
}
