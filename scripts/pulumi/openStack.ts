/** One stack as our commands work with it: which CLI, which backend, which copies of its files. */
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { pulumiHome } from "../../machine/folders.ts";
import { UserError } from "../userError.ts";
import { readBackend, type Backend } from "./backend.ts";
import { explain, type Circumstances } from "./explain.ts";
import { stackKey } from "./stackKey.ts";
import { STACK_MARK } from "./strays.ts";
import { choosePassphrase, ensurePassphrase, type Passphrase } from "./passphrase.ts";
import { askCli, runCli, type CliAnswer, type ForegroundCall } from "./runCli.ts";
import { copyStackFiles, type StackFiles } from "./stackFiles.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface StackPlace {
  /** Absolute path of the Pulumi CLI. */
  readonly cli: string;
  /** The folder that holds Pulumi.yaml. */
  readonly project: string;
  readonly stack: string;
  /** The environment for the CLI, before backend and passphrase are added. */
  readonly env: Environment;
}

/** Disposing it deletes the copies of the stack's files. */
export interface OpenStack extends StackPlace, Circumstances, Disposable {
  readonly files: StackFiles;
}

/** How Pulumi gets at the stacks' state and secrets. */
export interface Login {
  readonly backend: Backend;
  readonly passphrase: Passphrase;
  /** What to add to the environment of Pulumi; nothing on a backend of the user's. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Readies our own backend, unless the user is logged in to another, which is left as it is. */
export function login(project: string, env: Environment = process.env): Login {
  const backend = readBackend(project, env);
  const passphrase = choosePassphrase(env);
  if (backend.owner === "user") return { backend, passphrase, variables: {} };
  mkdirSync(backend.folder, { recursive: true, mode: 0o700 });
  const PULUMI_BACKEND_URL = backend.url;
  if (passphrase.owner === "user")
    return { backend, passphrase, variables: { PULUMI_BACKEND_URL } };
  const { file } = passphrase;
  ensurePassphrase(file, () => randomBytes(32).toString("base64url"));
  return {
    backend,
    passphrase,
    variables: { PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE_FILE: file },
  };
}

export function openStack(place: StackPlace): OpenStack {
  const { backend, passphrase, variables } = login(place.project, place.env);
  const files = copyStackFiles(place.project, place.stack);
  return {
    ...place,
    backend,
    passphrase,
    files,
    env: {
      ...place.env,
      ...variables,
      [STACK_MARK]: stackKey(backend, place.stack),
      // Pulumi itself looks for the home in /etc/passwd, npm's wrapper and we in HOME.
      PULUMI_HOME: pulumiHome(place.env),
    },
    [Symbol.dispose]: () => files[Symbol.dispose](),
  };
}

interface Where {
  readonly cwd?: string;
}

/** Asks the CLI something about the stack; a failure is given back. */
export const ask = (
  { cli, project, stack, env }: OpenStack,
  args: readonly string[],
  { cwd = project }: Where = {},
): Promise<CliAnswer> => askCli({ cli, args: [...args, "--stack", stack], cwd, env });

/** The same, but a failure is thrown: explained when we can, otherwise in Pulumi's own words. */
export async function demand(
  stack: OpenStack,
  args: readonly string[],
  where: Where = {},
): Promise<string> {
  const answer = await ask(stack, args, where);
  if (answer.code !== 0) throw failure(stack, answer);
  return answer.stdout;
}

/** A failed answer as an error. */
export function failure(stack: OpenStack, { code, stdout, stderr }: CliAnswer): UserError {
  const text = (stderr || stdout).trim();
  return explain(text, stack) ?? new UserError(text || `pulumi ended with exit code ${code}`);
}

/** Runs an operation in the foreground and gives its exit code. */
export const operate = (
  { cli, project, env }: OpenStack,
  args: readonly string[],
  printTo: ForegroundCall["printTo"],
): Promise<number> => runCli({ cli, args, cwd: project, env, printTo });
