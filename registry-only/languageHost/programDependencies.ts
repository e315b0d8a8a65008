import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The packages that the manifest in a folder asks for, with the versions installed there; for `pulumi about`. */
export async function programDependencies(
  folder: string,
): Promise<readonly { name: string; version: string }[]> {
  const { dependencies = {} } = await manifest(folder);
  return Promise.all(
    Object.keys(dependencies).map(async (name) => {
      const { version = "" } = await manifest(join(folder, "node_modules", name));
      return { name, version };
    }),
  );
}

interface Manifest {
  readonly version?: string;
  readonly dependencies?: { readonly [name: string]: string };
}

const manifest = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
