import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Bundle } from "./bundleStandIns.ts";
import { exists, isStandIn, keyOf, markerText, readMarker } from "./marker.ts";
import { MARKER, standIns } from "./standIns.ts";
import type { StandIn } from "./standIns.ts";

/** Where the stand-ins go and what runs them. */
export interface InstallOptions {
  /** Pulumi's own folder, see `machine/folders.ts`. */
  readonly pulumiHome: string;
  /** The version of the CLI, such as `3.259.0`. */
  readonly cliVersion: string;
  /** Absolute path of a Node from 22.18 on, outside of any checkout: the executables start it. */
  readonly node: string;
}

/** What became of a stand-in; `official` says that the official executable is there and was left alone. */
export interface Installed {
  readonly name: string;
  readonly state: "installed" | "unchanged" | "official";
}

/**
 * Installs the language host and the providers where Pulumi looks for the official ones. Bundles
 * only what has changed since; when nothing has, it takes a few milliseconds.
 */
export async function installStandIns(options: InstallOptions): Promise<readonly Installed[]> {
  const { pulumiHome, cliVersion, node } = options;
  const all = await standIns(pulumiHome, cliVersion);
  const states = await Promise.all(all.map((it) => stateOf(it, node)));
  const due = all.filter((_, i) => states[i] === "installed");
  if (due.length > 0) {
    // Loaded here because it brings esbuild, which nobody needs when nothing has changed.
    const { bundleStandIns } = await import("./bundleStandIns.ts");
    const bundles = await bundleStandIns(due);
    await Promise.all(bundles.map((bundle) => install(bundle, node)));
  }
  return all.map(({ name }, i) => ({ name, state: states[i] ?? "installed" }));
}

async function stateOf({ folder, name }: StandIn, node: string): Promise<Installed["state"]> {
  const executable = join(folder, name);
  if (!(await exists(executable))) return "installed";
  if (!(await isStandIn(executable))) return "official";
  const marker = await readMarker(folder);
  return marker?.key === (await keyOf(node, marker?.sources ?? [])) ? "unchanged" : "installed";
}

async function install({ standIn, code, sources }: Bundle, node: string): Promise<void> {
  const { folder, name } = standIn;
  const put = (file: string, text: string, mode?: number) => replace(folder, file, text, mode);
  await mkdir(folder, { recursive: true });
  // The marker comes first, so that an installation that was broken off can be removed.
  await put(MARKER, markerText(name));
  await put(`${MARKER}.bundle.mjs`, code);
  await put(`${MARKER}.mjs`, starter);
  await put(name, `#!/bin/sh\nexec ${quoted(node)} "\${0%/*}/${MARKER}.mjs" "$@"\n`, 0o755);
  await put(MARKER, markerText(name, { key: await keyOf(node, sources), sources }));
}

// Not by NODE_COMPILE_CACHE, which the language host would hand on to the user's program.
const starter = `import { enableCompileCache } from "node:module";
enableCompileCache(import.meta.dirname + "/${MARKER}.cache");
await import("./${MARKER}.bundle.mjs");
`;

/** Puts a file in place in one step. */
async function replace(folder: string, file: string, text: string, mode = 0o644): Promise<void> {
  const unfinished = join(folder, `${MARKER}.${process.pid}.tmp`);
  await writeFile(unfinished, text, { mode });
  await rename(unfinished, join(folder, file));
}

// As one word of sh.
const quoted = (path: string) => `'${path.replaceAll("'", String.raw`'\''`)}'`;
