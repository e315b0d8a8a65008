/** The passphrase that encrypts the secrets of stacks in our own file backend. */
import { existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isNativeError } from "node:util/types";
import { dataFolder } from "../../machine/folders.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const VALUE = "PULUMI_CONFIG_PASSPHRASE";
const FILE = "PULUMI_CONFIG_PASSPHRASE_FILE";

/** Where the passphrase comes from. */
export type Passphrase =
  /** The user gave it in the environment, itself or as the name of a file. */
  | { readonly owner: "user"; readonly variable: typeof VALUE | typeof FILE }
  /** Turnkey generated it. */
  | { readonly owner: "turnkey"; readonly file: string };

export const passphraseFile = (env: Environment = process.env) =>
  join(dataFolder(env), "passphrase");

/**
 * The user's own when one is given (an empty PULUMI_CONFIG_PASSPHRASE is one, as for Pulumi, which
 * also looks at it first), otherwise our file.
 */
export function choosePassphrase(env: Environment): Passphrase {
  if (env[VALUE] !== undefined) return { owner: "user", variable: VALUE };
  const file = passphraseFile(env);
  const given = env[FILE];
  return given && given !== file ? { owner: "user", variable: FILE } : { owner: "turnkey", file };
}

/** Writes the file with what `generate` gives, mode 0600, unless it is there. It is there whole or not at all. */
export function ensurePassphrase(file: string, generate: () => string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (existsSync(file)) return;
  const unfinished = `${file}.${process.pid}`;
  try {
    writeFileSync(unfinished, generate(), { mode: 0o600, flush: true });
    // Unlike a renamed one, a link never takes the place of what another command made meanwhile.
    linkSync(unfinished, file);
  } catch (error) {
    if (!(isNativeError(error) && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    rmSync(unfinished, { force: true });
  }
}
