/** A static busybox out of Debian's package, without installing it. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { unpackPackages } from "./debianPackages.ts";
import { buildsFolder } from "./goCommand.ts";
import type { StepContext } from "./runStep.ts";

/** Where it is kept. */
export const busyboxFile = () => join(buildsFolder(), "busybox");

/** Fetches the package and takes the program out of it. */
export async function fetchBusybox(context: StepContext): Promise<void> {
  mkdirSync(buildsFolder(), { recursive: true });
  const folder = mkdtempSync(join(buildsFolder(), "busybox-"));
  try {
    const purpose = "busybox, for the health check inside the images";
    const request = { name: "busybox-static", withLibraries: false, purpose, folder };
    const { root, archives } = await unpackPackages(request, context);
    const places = ["bin/busybox", "usr/bin/busybox"].map((place) => join(root, place));
    const found = places.find((place) => existsSync(place));
    if (found === undefined) throw new Error(`${archives.join(", ")} holds no busybox`);
    renameSync(found, busyboxFile());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
