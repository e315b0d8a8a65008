/** What Pulumi leaves in our own file backend when a stack is gone. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Backend } from "./backend.ts";
import type { Passphrase } from "./passphrase.ts";
import { stacksWithFile, stackFileName } from "./stackFiles.ts";

/** Whether a stack's file in the repository holds secrets that only our passphrase opens. */
const holdsSecrets = (project: string) =>
  stacksWithFile(project).some((stack) =>
    /^encryptionsalt:/m.test(readFileSync(join(project, stackFileName(stack)), "utf8")),
  );

/** Whether the folder holds the state of any stack, of any project. */
function holdsStacks(folder: string): boolean {
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

/**
 * Empties our backend once it holds no stack any more: folders of history, backups and locks, and
 * the passphrase unless something is still encrypted with it. A user's backend is not touched.
 */
export function removeLeftovers({ project, backend, passphrase }: Leftovers): void {
  if (backend.owner === "user" || holdsStacks(backend.folder)) return;
  rmSync(backend.folder, { recursive: true, force: true });
  if (passphrase.owner === "turnkey" && !holdsSecrets(project))
    rmSync(passphrase.file, { force: true });
}
