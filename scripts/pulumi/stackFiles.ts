/** Copies of a stack's two files, so that no command of ours changes a tracked file. */
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processAt } from "../../machine/processes.ts";
import { UserError } from "../userError.ts";

/** Disposing it deletes the folder. */
export interface StackFiles extends Disposable {
  /** Holds copies of Pulumi.yaml and the stack's file: for `--cwd` where a command has no `--config-file`. */
  readonly folder: string;
  readonly configFile: string;
  /** Whether the repository has a file for the stack. */
  readonly hasSettings: boolean;
}

/** The part of `organization/project/stack` that names the file. */
export const shortName = (stack: string) => stack.slice(stack.lastIndexOf("/") + 1);

export const stackFileName = (stack: string) => `Pulumi.${shortName(stack)}.yaml`;

/** Names of the stacks that have a file in the folder, sorted. */
export const stacksWithFile = (project: string): string[] =>
  readdirSync(project)
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .toSorted();

/** Throws a UserError that lists the stacks there are when this one has no file. */
export function requireStackFile(project: string, stack: string): void {
  const file = stackFileName(stack);
  if (existsSync(join(project, file))) return;
  const known = stacksWithFile(project);
  throw new UserError(`stack "${stack}" has no settings: there is no ${file}`, [
    known.length > 0
      ? `take one of the stacks that have: ${known.map((it) => `--stack ${it}`).join(", ")}`
      : "restore Pulumi.dev.yaml from the repository",
    `or write ${file}`,
  ]);
}

/** Folders with copies begin so; the number of the process that made them follows. */
const COPIES = "turnkey-stack-";

/** The folders with copies of this user's commands that were killed. */
export const lostCopies = (parent = tmpdir()): string[] =>
  readdirSync(parent)
    .filter((name) => {
      const pid = name.startsWith(COPIES) && /^(\d+)-/.exec(name.slice(COPIES.length))?.[1];
      return pid && !processAt(Number(pid)) && isOwn(join(parent, name));
    })
    .map((name) => join(parent, name));

/** Deletes them, and gives their folders. */
export function removeLostCopies(parent = tmpdir()): string[] {
  const folders = lostCopies(parent);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  return folders;
}

function isOwn(folder: string): boolean {
  const owner = statSync(folder, { throwIfNoEntry: false })?.uid;
  return owner !== undefined && (process.getuid === undefined || owner === process.getuid());
}

/** Copies them into a fresh folder only the user can read. A stack without a file gets an empty one. */
export function copyStackFiles(project: string, stack: string): StackFiles {
  const folder = mkdtempSync(join(tmpdir(), `${COPIES}${process.pid}-`));
  const configFile = join(folder, stackFileName(stack));
  const tracked = join(project, stackFileName(stack));
  copyFileSync(join(project, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  const hasSettings = existsSync(tracked);
  if (hasSettings) copyFileSync(tracked, configFile);
  else writeFileSync(configFile, "");
  return {
    folder,
    configFile,
    hasSettings,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
