/** Installs the official Pulumi CLI and plugins, by Pulumi's own downloaders. */
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { UserError } from "../userError.ts";
import { cliFile, cliFolder, pluginFolder } from "./pulumiPaths.ts";
import { CommandFailed, runCommand } from "./runCommand.ts";
import type { Command } from "./runCommand.ts";
import type { StepContext } from "./runStep.ts";
import { checkout, versions } from "./versions.ts";

// The npm package's own installer, in a process of its own: it writes its progress to stdout.
const installer = `
  require("pulumi/lib/download")
    .installCLI(process.argv[1], process.argv[2])
    .catch((error) => { console.error(String(error.cause ?? error)); process.exit(1); });
`;

async function download(what: string, command: Command, context: StepContext): Promise<void> {
  try {
    await runCommand(command, context);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new UserError(
      [`${what} could not be downloaded`, ...error.lines].join("\n"),
      [
        "check the network, then run the same command again",
        "`--online` asks again whether this machine reaches Pulumi's downloads at all",
      ],
      { cause: error },
    );
  }
}

/** Downloads the CLI to where the npm package `pulumi` looks for it. */
export async function downloadCli(context: StepContext): Promise<void> {
  const folder = cliFolder();
  const fresh = `${folder}.${process.pid}.new`;
  mkdirSync(dirname(folder), { recursive: true });
  try {
    const args = ["-e", installer, versions.pulumi, fresh];
    // curl, which the installer calls, honours HTTPS_PROXY; Node has to be told.
    const env = { ...process.env, NODE_USE_ENV_PROXY: "1" };
    const what = `the Pulumi CLI ${versions.pulumi}`;
    await download(what, { file: process.execPath, args, cwd: checkout, env }, context);
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** The plugins that are not installed yet; the CLI marks one whose download was cut short. */
export const missingPlugins = () =>
  versions.plugins.filter((plugin) => {
    const folder = pluginFolder(plugin);
    return !existsSync(folder) || existsSync(`${folder}.partial`);
  });

/** Downloads one plugin after the other with the CLI. */
export async function downloadPlugins(context: StepContext): Promise<void> {
  for (const { name, version } of missingPlugins()) {
    context.report(`${name} ${version}`);
    const args = ["plugin", "install", "resource", name, version];
    // oxlint-disable-next-line no-await-in-loop -- one progress line tells of one download
    await download(`the Pulumi plugin ${name} ${version}`, { file: cliFile(), args }, context);
  }
}
