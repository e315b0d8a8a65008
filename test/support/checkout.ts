/** A checkout of the repository as it stands in the working tree, in a folder of its own. */
import { execFileSync, spawn, type ChildProcessByStdio } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Readable } from "node:stream";

const ROOT = join(import.meta.dirname, "..", "..");

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A child whose output can be read. */
export type Started = ChildProcessByStdio<null, Readable, Readable>;

export interface Checkout {
  readonly folder: string;
  /** What this checkout's commands keep outside it: local CA, file backend, passphrase. */
  readonly data: string;
  /** Runs a script of the repository as npm would: `npm run <command> -- <options>`. */
  run(command: string, ...options: string[]): Promise<Ran>;
  /** Runs any program in the checkout, with more environment if need be. */
  exec(file: string, options: readonly string[], env?: Record<string, string>): Promise<Ran>;
  /** Starts such a script and leaves it to the caller, with more environment if need be. */
  start(options: readonly string[], env?: Record<string, string>): Started;
  /** SHA-256 of every tracked file, by path. */
  fingerprint(): Record<string, string>;
  remove(): void;
}

const script = (options: readonly string[]) => [join("scripts", "bootstrap.mjs"), ...options];

/** Makes the copy; its dependencies are this checkout's, and builds come from this user's cache. */
export function makeCheckout(): Checkout {
  const base = mkdtempSync(join(tmpdir(), "turnkey-checkout-"));
  const folder = join(base, "repository");
  const data = join(base, "data");
  const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: ROOT,
    encoding: "utf8",
  })
    .split("\n")
    // What is deleted and not committed is still listed.
    .filter((file) => file !== "" && existsSync(join(ROOT, file)));
  for (const file of tracked) cpSync(join(ROOT, file), join(folder, file));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));

  const spawnHere = (file: string, options: readonly string[], env: Record<string, string>) => {
    const PATH = [join(folder, "node_modules", ".bin"), process.env["PATH"]].join(delimiter);
    return spawn(file, options, {
      cwd: folder,
      env: { ...process.env, PATH, XDG_DATA_HOME: data, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
  };

  const exec = (file: string, options: readonly string[], env: Record<string, string> = {}) =>
    new Promise<Ran>((resolve, reject) => {
      const child = spawnHere(file, options, env);
      let stdout = "";
      let stderr = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
      child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, stdout, stderr }));
    });

  return {
    folder,
    data: join(data, "turnkey"),
    exec,
    run: (command, ...options) => exec(process.execPath, script([command, ...options])),
    start: (options, env = {}) => spawnHere(process.execPath, script(options), env),
    fingerprint: () =>
      Object.fromEntries(
        tracked.map((file) => [
          file,
          createHash("sha256")
            .update(readFileSync(join(folder, file)))
            .digest("hex"),
        ]),
      ),
    remove: () => rmSync(dirname(folder), { recursive: true, force: true }),
  };
}
