/** Readies the Pulumi CLI with its plugins: the official ones, or the build and the stand-ins. */
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { cacheFolder, pulumiHome } from "../../machine/folders.ts";
import { installStandIns } from "../../registry-only/install.ts";
import { removeStandIns } from "../../registry-only/remove.ts";
import { builtCommand, ensureGoCommand } from "./goCommand.ts";
import { nodeFile } from "./localImageRecipes.ts";
import { downloadCli, downloadPlugins, missingPlugins } from "./officialPulumi.ts";
import {
  builtCliFolders,
  cliFile,
  cliFolder,
  cliMarker,
  cliMarkerText,
  installedCli,
} from "./pulumiPaths.ts";
import { runStep, runStepIfSlow } from "./runStep.ts";
import { versions } from "./versions.ts";

/** Puts a copy at `target`, without taking disk space where a hard link will do; readers see all or nothing. */
function place(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  const fresh = `${target}.${process.pid}.new`;
  try {
    linkSync(source, fresh);
  } catch {
    copyFileSync(source, fresh);
  }
  renameSync(fresh, target);
}

/** The Node that starts the stand-ins: a copy of ours, as the checkout may move or go. */
function standInNode(): string {
  const file = join(cacheFolder(), `node-${versions.node}`, "bin", "node");
  if (!existsSync(file)) place(nodeFile(), file);
  return file;
}

/**
 * Removes the CLIs that were built here and gives their folders. A folder loses its name first: cut
 * short, it never passes for an official one.
 */
export function removeBuiltClis(): string[] {
  const folders = builtCliFolders();
  for (const folder of folders) {
    const doomed = `${folder}.${process.pid}.old`;
    renameSync(folder, doomed);
    rmSync(doomed, { recursive: true });
  }
  return folders;
}

async function readyOfficial(): Promise<void> {
  // Before any plugin is loaded, and before the folder they lie in goes.
  const removed = [...(await removeStandIns(pulumiHome())), ...removeBuiltClis()];
  if (removed.length > 0)
    process.stderr.write("the stand-ins are removed: official downloads work again\n");
  if (installedCli() === "none")
    await runStep(`downloading the Pulumi CLI ${versions.pulumi}`, downloadCli);
  if (missingPlugins().length > 0) await runStep("downloading Pulumi's plugins", downloadPlugins);
}

function placeBuiltCli(): void {
  // The marker comes first: without it the folder would pass for an official one.
  mkdirSync(cliFolder(), { recursive: true });
  writeFileSync(cliMarker(cliFolder()), cliMarkerText);
  place(builtCommand(versions.builds.pulumi), cliFile());
}

async function readyRegistryOnly(): Promise<void> {
  if (installedCli() === "none") {
    await runStep(
      `building the Pulumi CLI ${versions.pulumi} (about 3 minutes on 2 cores)`,
      async (context) => {
        await ensureGoCommand(versions.builds.pulumi, context);
        placeBuiltCli();
      },
    );
  }
  const installing = installStandIns({
    pulumiHome: pulumiHome(),
    cliVersion: versions.pulumi,
    node: standInNode(),
  });
  const installed = await runStepIfSlow("installing the stand-ins", installing);
  const official = installed.filter(({ state }) => state === "official").map(({ name }) => name);
  if (official.length > 0)
    process.stderr.write(
      `official plugins are installed and used as they are: ${official.join(", ")}\n`,
    );
}

/** Readies Pulumi from the source decided on. */
export const readyPulumi = (source: "official" | "registry-only"): Promise<void> =>
  source === "official" ? readyOfficial() : readyRegistryOnly();
