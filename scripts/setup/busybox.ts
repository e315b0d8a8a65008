/** A static busybox out of Debian's package, without installing it. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../userError.ts";
import { buildsFolder } from "./goCommand.ts";
import { CommandFailed, runCommand } from "./runCommand.ts";
import type { StepContext } from "./runStep.ts";

const PACKAGE = "busybox-static";

/** Where it is kept. */
export const busyboxFile = () => join(buildsFolder(), "busybox");

/** Fetches the package and takes the program out of it. */
export async function fetchBusybox(context: StepContext): Promise<void> {
  mkdirSync(buildsFolder(), { recursive: true });
  const folder = mkdtempSync(join(buildsFolder(), "busybox-"));
  try {
    await runCommand({ file: "apt-get", args: ["download", PACKAGE], cwd: folder }, context);
    const archive = readdirSync(folder).find((name) => name.endsWith(".deb"));
    if (archive === undefined) throw new Error(`apt-get downloaded no ${PACKAGE}`);
    await runCommand({ file: "dpkg-deb", args: ["-x", archive, "."], cwd: folder }, context);
    const places = ["bin/busybox", "usr/bin/busybox"].map((place) => join(folder, place));
    const found = places.find((place) => existsSync(place));
    if (found === undefined) throw new Error(`${archive} holds no busybox`);
    renameSync(found, busyboxFile());
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new UserError(
      [`busybox, for the health check inside the image, could not be fetched`, ...error.lines].join(
        "\n",
      ),
      error.code === "ENOENT"
        ? ["machines that reach only package registries are supported on Debian and Ubuntu"]
        : ["sudo apt-get update", "then run the same command again"],
      { cause: error },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
