import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { MARKER, repository } from "./standIns.ts";

/** What a marker file remembers: the sources of the bundle, and the key they had. */
export interface Marker {
  /** Paths from the repository's root. */
  readonly sources: readonly string[];
  readonly key: string;
}

/** The marker in a folder; undefined when there is none or its installation was broken off. */
export async function readMarker(folder: string): Promise<Marker | undefined> {
  const lines = (await textOf(join(folder, MARKER))).split("\n");
  const valuesOf = (label: string) =>
    lines
      .filter((line) => line.startsWith(`${label} `))
      .map((line) => line.slice(label.length + 1));
  const [key] = valuesOf("key");
  return key === undefined ? undefined : { key, sources: valuesOf("source") };
}

/** The marker file of an executable; without `marker` it says that the installation is not finished. */
export function markerText(executable: string, marker?: Marker): string {
  return [
    `${executable} in this folder is Turnkey's stand-in for a machine that reaches only package`,
    `registries. Turnkey removes it, and the files named ${MARKER}*, once Pulumi's own download works.`,
    ...(marker === undefined ? [] : [`key ${marker.key}`]),
    ...(marker?.sources.map((source) => `source ${source}`) ?? []),
    "",
  ].join("\n");
}

/** Names all that a stand-in is made of: its sources, the installed packages, its Node. */
export async function keyOf(node: string, sources: readonly string[]): Promise<string> {
  const files = [...sources, ...makers, "package-lock.json"];
  const texts = await Promise.all(files.map((file) => textOf(join(repository, file))));
  return createHash("sha256")
    .update(JSON.stringify([node, files, texts]))
    .digest("hex");
}

// What they write into a stand-in is not part of its bundle's sources.
const makers = ["registry-only/bundleStandIns.ts", "registry-only/install.ts"];

/** Whether a file or folder is there. */
export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** The text of a file, empty when it is not there. */
export async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}

/** Whether an executable is one of ours: an official one may have taken its place. */
export const isStandIn = async (executable: string): Promise<boolean> =>
  (await textOf(executable)).includes(`/${MARKER}.mjs`);
