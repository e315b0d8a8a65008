/** Takes Debian's packages apart without installing them: neither root nor fresh package lists are needed. */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../userError.ts";
import { CommandFailed, runCommand } from "./runCommand.ts";
import type { StepContext } from "./runStep.ts";

export interface PackageRequest {
  readonly name: string;
  /** Whether the libraries that it depends on come along. */
  readonly withLibraries: boolean;
  /** What they are for, as an error message says it. */
  readonly purpose: string;
  /** An empty folder: archives and lists go there, and the files below `root`. */
  readonly folder: string;
}

/** What was unpacked. */
export interface Unpacked {
  /** The folder that stands for `/`. */
  readonly root: string;
  /** File names of the archives, such as `haproxy_2.6.12-1_amd64.deb`, in alphabetical order. */
  readonly archives: readonly string[];
}

/**
 * A package and the libraries below it, out of what `apt-cache depends --recurse` prints: of its
 * dependencies those that are libraries, of theirs again, and so on.
 */
export function libraryClosure(printed: string, name: string): string[] {
  const dependencies = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of printed.split("\n")) {
    const dependency = /^[ |]{2}(?:Pre)?Depends: (lib\S+)$/.exec(line)?.[1];
    if (dependency !== undefined) current.push(dependency);
    else if (/^\S/.test(line)) dependencies.set(line, (current = []));
  }
  const found = new Set([name]);
  // A set goes on with what is added to it on the way.
  for (const it of found) for (const next of dependencies.get(it) ?? []) found.add(next);
  return [...found].toSorted();
}

/** The upstream version in an archive's file name. Throws when it is not three numbers. */
export function upstreamVersion(archives: readonly string[], name: string): string {
  const archive = archives.find((it) => it.startsWith(`${name}_`));
  const version = archive && /^[^_]+_(?:\d+%3a)?(\d+\.\d+\.\d+)\b/.exec(archive)?.[1];
  if (!version) throw new Error(`no version of ${name} in "${archive ?? archives.join(", ")}"`);
  return version;
}

async function download(
  { name, withLibraries }: PackageRequest,
  archives: string,
  options: readonly string[],
  context: StepContext,
): Promise<void> {
  const depends = ["depends", "--recurse", "--important", name];
  const names = withLibraries
    ? libraryClosure(
        await runCommand({ file: "apt-cache", args: [...options, ...depends] }, context),
        name,
      )
    : [name];
  await runCommand(
    { file: "apt-get", args: [...options, "download", ...names], cwd: archives },
    context,
  );
}

/** Lists of our own beside the system's, which only root may renew. */
async function freshLists(folder: string, context: StepContext): Promise<string[]> {
  const [lists, cache] = [join(folder, "lists"), join(folder, "cache")];
  for (const it of [lists, cache]) mkdirSync(it);
  const settings = [
    `Dir::State::lists=${lists}`,
    `Dir::Cache=${cache}`,
    // For root, apt would turn into a user who may not look into this folder.
    "APT::Sandbox::User=root",
  ];
  const options = settings.flatMap((it) => ["-o", it]);
  await runCommand({ file: "apt-get", args: [...options, "update"] }, context);
  return options;
}

async function fetchAndUnpack(request: PackageRequest, context: StepContext): Promise<Unpacked> {
  const { name, folder } = request;
  const [folderOfArchives, root] = [join(folder, "archives"), join(folder, "root")];
  for (const it of [folderOfArchives, root]) mkdirSync(it);
  try {
    await download(request, folderOfArchives, [], context);
  } catch (error) {
    if (!(error instanceof CommandFailed) || error.code === "ENOENT") throw error;
    // The system's lists are absent, or older than what the mirror still has.
    for (const it of readdirSync(folderOfArchives)) rmSync(join(folderOfArchives, it));
    await download(request, folderOfArchives, await freshLists(folder, context), context);
  }
  const archives = readdirSync(folderOfArchives)
    .filter((it) => it.endsWith(".deb"))
    .toSorted();
  if (archives.length === 0) throw new Error(`apt-get downloaded no ${name}`);
  for (const archive of archives)
    // oxlint-disable-next-line no-await-in-loop -- one after the other is quick enough
    await runCommand(
      { file: "dpkg-deb", args: ["-x", join(folderOfArchives, archive), root] },
      context,
    );
  return { root, archives };
}

/** Downloads and unpacks. Throws a UserError where apt cannot do it. */
export async function unpackPackages(
  request: PackageRequest,
  context: StepContext,
): Promise<Unpacked> {
  try {
    return await fetchAndUnpack(request, context);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw new UserError(
      [`${request.purpose}, could not be fetched`, ...error.lines].join("\n"),
      error.code === "ENOENT"
        ? ["machines that reach only package registries are supported on Debian and Ubuntu"]
        : ["mend what apt says, then run the same command again"],
      { cause: error },
    );
  }
}
