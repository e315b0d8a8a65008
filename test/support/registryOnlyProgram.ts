/** A program of a test's own that the real CLI deploys through the stand-ins, in a home of its own. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { installStandIns } from "../../registry-only/install.ts";
import { cliFile } from "../../scripts/setup/pulumiPaths.ts";
import { versions } from "../../scripts/setup/versions.ts";

export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

export interface RegistryOnlyProgram {
  /** Holds everything; the program itself is in `program`, the state in `state`. */
  readonly folder: string;
  /** Starts the CLI on the stack `dev`. */
  start(...args: string[]): ChildProcess;
  /** Runs the CLI to its end. */
  attempt(...args: string[]): Promise<Ran>;
  /** The same; throws with what was said when it fails. */
  run(...args: string[]): Promise<string>;
  remove(): Promise<void>;
}

/** Writes the files of a program, by path from its folder, and makes the stack `dev`; `env` is added to the CLI's. */
export async function registryOnlyProgram(
  files: { readonly [path: string]: string },
  env: { readonly [name: string]: string } = {},
): Promise<RegistryOnlyProgram> {
  const folder = await mkdtemp(join(tmpdir(), "turnkey-real-"));
  const [program, state] = [join(folder, "program"), join(folder, "state")];
  await mkdir(state);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(program, path)), { recursive: true });
    await writeFile(join(program, path), text);
  }
  await symlink(join(process.cwd(), "node_modules"), join(program, "node_modules"));
  const { PULUMI_CONFIG: _, ...inherited } = process.env;
  const environment = {
    ...inherited,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: "only for this test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PATH: `${join(process.cwd(), "node_modules/.bin")}:${process.env["PATH"] ?? ""}`,
    ...env,
  };
  await installStandIns({
    pulumiHome: environment.PULUMI_HOME,
    cliVersion: versions.pulumi,
    node: process.execPath,
  });
  const pulumi = cliFile(environment);
  await cp(process.env["TURNKEY_PULUMI"] ?? cliFile(process.env), pulumi);

  const start = (...args: string[]) =>
    spawn(pulumi, [...args, "--non-interactive", "--color=never", "--cwd", program], {
      env: environment,
    });
  const attempt = async (...args: string[]): Promise<Ran> => {
    const child = start(...args);
    let output = "";
    child.stdout.on("data", (text: Buffer) => (output += text.toString()));
    child.stderr.on("data", (text: Buffer) => (output += text.toString()));
    return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
  };
  const run = async (...args: string[]) => {
    const { code, output } = await attempt(...args);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${output}`);
    return output;
  };
  await run("stack", "init", "dev");
  return { folder, start, attempt, run, remove: () => rm(folder, { recursive: true }) };
}
