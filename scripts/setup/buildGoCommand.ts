/** Builds a Go command from the module registry, every byte of it checked against `versions.json`. */
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";
import { UserError } from "../userError.ts";
import { CommandFailed, runCommand } from "./runCommand.ts";
import type { Command } from "./runCommand.ts";
import type { StepContext } from "./runStep.ts";
import type { GoRecipe } from "./versions.ts";

export interface GoBuild {
  readonly recipe: GoRecipe;
  /** The Go to build with. */
  readonly go: string;
  /** Where the finished command goes. */
  readonly output: string;
  /** For Go's caches and our working files; deleted after success, kept otherwise so that a repetition is quick. */
  readonly workFolder: string;
}

const Downloaded = z.object({ Dir: z.string(), Sum: z.string() });

/** The manifest without its references to neighbouring folders, which only the module's repository has. */
export const withoutSiblings = (manifest: string, { siblings = [] }: GoRecipe) =>
  manifest
    .split("\n")
    .filter((line) => !siblings.some(({ module }) => line.startsWith(`replace ${module} => ../`)))
    .join("\n");

/** The module's own checksums plus those of the neighbours, at the version they share. */
export const withSiblingSums = (sums: string, { siblings = [], version }: GoRecipe) =>
  [
    sums.trimEnd(),
    ...siblings.flatMap(({ module, checksum, manifestChecksum }) => [
      `${module} v${version} ${checksum}`,
      `${module} v${version}/go.mod ${manifestChecksum}`,
    ]),
    "",
  ].join("\n");

/** Go's environment: caches of our own, gone with the folder after the build, unless the user names some. */
export const goEnvironment = (workFolder: string): NodeJS.ProcessEnv => ({
  ...process.env,
  GOMODCACHE: process.env["GOMODCACHE"] || join(workFolder, "modules"),
  GOCACHE: process.env["GOCACHE"] || join(workFolder, "objects"),
  // A Go older than the module asks for fetches the right one.
  GOTOOLCHAIN: "auto",
  GOFLAGS: "-mod=readonly -modcacherw",
  CGO_ENABLED: "0",
});

/** Nothing is looked up in the checksum database for modules that carry a checksum here, so it need not be reachable. */
function environmentOf({ recipe, workFolder }: GoBuild): NodeJS.ProcessEnv {
  const pinned = [recipe.module, ...(recipe.siblings ?? []).map((it) => it.module)];
  const unasked = [process.env["GONOSUMDB"], ...pinned].filter(Boolean).join(",");
  return { ...goEnvironment(workFolder), GONOSUMDB: unasked };
}

const registryMend = (lines: readonly string[]) =>
  lines.some((line) => /dial tcp|lookup|i\/o timeout|connection refused|proxyconnect/.test(line))
    ? "the Go module registry cannot be reached: check the network and `go env GOPROXY`, then run the same command again"
    : "run the same command again; what was downloaded is kept";

async function run(build: GoBuild, command: Omit<Command, "file" | "env">, context: StepContext) {
  try {
    return await runCommand({ file: build.go, env: environmentOf(build), ...command }, context);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    const { module, version } = build.recipe;
    throw new UserError(
      [`${module} v${version} could not be built`, ...error.lines].join("\n"),
      [registryMend(error.lines)],
      { cause: error },
    );
  }
}

/** Fetches the module and gives its folder. Throws when it is not the one `versions.json` means. */
async function download(build: GoBuild, context: StepContext): Promise<string> {
  const { module, version, checksum } = build.recipe;
  const args = ["mod", "download", "-json", `${module}@v${version}`];
  const printed = await run(build, { args, cwd: build.workFolder }, context);
  const { Dir, Sum } = Downloaded.parse(JSON.parse(printed));
  if (Sum !== checksum)
    throw new UserError(
      `${module} v${version} has the checksum ${Sum}, but versions.json wants ${checksum}`,
      ["do not use what was downloaded: the registry in between may have changed it"],
    );
  return Dir;
}

/** Where a file of ours lies that takes the place of a module's. */
export const ourFile = (name: string): string => join(import.meta.dirname, name);

/** A copy of the module with our files in it; where there are none, the module itself. Go lets no overlay change what it downloaded. */
export async function withReplaced(
  folder: string,
  { recipe: { replaced }, workFolder }: Pick<GoBuild, "recipe" | "workFolder">,
  context?: StepContext,
): Promise<string> {
  if (replaced === undefined) return folder;
  const source = join(workFolder, "source");
  rmSync(source, { recursive: true, force: true });
  // Not as it is: a cache of modules may be closed to writing.
  const args = ["-R", "--no-preserve=mode", folder, source];
  await runCommand({ file: "cp", args }, context);
  for (const [path, ours] of Object.entries(replaced))
    copyFileSync(ourFile(ours), join(source, path));
  return source;
}

/**
 * Builds `recipe` into `output`. The module is the main module of the build, so its own go.sum (part
 * of what the checksum covers) vouches for all dependencies.
 */
export async function buildGoCommand(build: GoBuild, context: StepContext): Promise<void> {
  const { recipe, output, workFolder } = build;
  mkdirSync(workFolder, { recursive: true });
  mkdirSync(dirname(output), { recursive: true });
  const folder = await withReplaced(await download(build, context), build, context);
  const manifest = join(workFolder, "build.mod");
  const original = (name: string) => readFileSync(join(folder, name), "utf8");
  writeFileSync(manifest, withoutSiblings(original("go.mod"), recipe));
  writeFileSync(join(workFolder, "build.sum"), withSiblingSums(original("go.sum"), recipe));
  const fresh = `${output}.new`;
  const linker = ["-s", "-w"];
  if (recipe.versionVariable) linker.push("-X", `${recipe.versionVariable}=v${recipe.version}`);
  const flags = [
    "-trimpath",
    "-buildvcs=false",
    `-modfile=${manifest}`,
    `-ldflags=${linker.join(" ")}`,
  ];
  await run(
    build,
    { args: ["build", "-v", ...flags, "-o", fresh, recipe.command], cwd: folder },
    context,
  );
  chmodSync(fresh, 0o755);
  renameSync(fresh, output);
  rmSync(workFolder, { recursive: true, force: true });
}
