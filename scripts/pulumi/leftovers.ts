/** What Pulumi leaves in our own file backend when a stack is gone. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readBackend, type Backend } from "./backend.ts";
import { choosePassphrase, type Passphrase } from "./passphrase.ts";
import { stacksWithFile, stackFileName } from "./stackFiles.ts";

/** Whether a stack's file in the repository holds secrets that only our passphrase opens. */
const holdsSecrets = (project: string) =>
  stacksWithFile(project).some((stack) =>
    /^encryptionsalt:/m.test(readFileSync(join(project, stackFileName(stack)), "utf8")),
  );

/** Whether the folder of a file backend holds the state of any stack, of any project. */
export function holdsStacks(folder: string): boolean {
  const stacks = join(folder, ".pulumi", "stacks");
  return (
    existsSync(stacks) &&
    readdirSync(stacks, { recursive: true, encoding: "utf8" }).some((it) => it.endsWith(".json"))
  );
}

export interface Leftovers {
  readonly project: string;
  readonly backend: Backend;
  readonly passphrase: Passphrase;
}

/** What there may be of this user's, without a stack at hand. */
export const ownLeftovers = (project: string, env = process.env): Leftovers => ({
  project,
  backend: readBackend(project, env),
  passphrase: choosePassphrase(env),
});

/**
 * Empties our backend once it holds no stack any more: folders of history, backups and locks, and
 * the passphrase unless something is still encrypted with it. A user's backend is not touched.
 * Gives the paths that were removed.
 */
export function removeLeftovers({ project, backend, passphrase }: Leftovers): string[] {
  if (backend.owner === "user" || holdsStacks(backend.folder)) return [];
  const spent = passphrase.owner === "turnkey" && !holdsSecrets(project) ? [passphrase.file] : [];
  const found = [backend.folder, ...spent].filter((path) => existsSync(path));
  for (const path of found) rmSync(path, { recursive: true, force: true });
  return found;
}
