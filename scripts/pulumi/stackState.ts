/** What a backend knows of a stack, and making and removing it there. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import * as z from "zod";
import { StackOutputs } from "../../turn/outputs.ts";
import { npmRun } from "../npmRun.ts";
import { UserError } from "../userError.ts";
import { removeLeftovers } from "./leftovers.ts";
import { ask, demand, failure, type OpenStack } from "./openStack.ts";
import { STACK_NOT_FOUND, type CliAnswer } from "./runCli.ts";

/** Outputs of any program. */
export const AnyOutputs = z.record(z.string(), z.unknown());
const Config = z.record(z.string(), z.object({ value: z.string() }));

/** A stack as its backend has it. */
export interface StackState {
  /** Secret ones read `[secret]`. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The settings as Pulumi gives them to the program: project defaults included, secrets in clear. */
  readonly config: Readonly<Record<string, string>>;
}

/** The stack, undefined when there is none. */
export async function readStack(stack: OpenStack): Promise<StackState | undefined> {
  const [outputs, config] = await Promise.all([
    readOutputs(stack, { secrets: false }),
    askConfig(stack),
  ]);
  return outputs && { outputs, config: parseConfig(stack, config) };
}

/** Makes the stack. It happens in the folder with the copies, as Pulumi writes into the stack's file. */
export async function createStack(stack: OpenStack): Promise<StackState> {
  const provider = secretsProviderIn(readFileSync(stack.files.configFile, "utf8"));
  // Without the option Pulumi takes a passphrase, whatever the file says.
  const secrets = provider === undefined ? [] : ["--secrets-provider", provider];
  await demand(stack, ["stack", "init", "--no-select", ...secrets], { cwd: stack.files.folder });
  return { outputs: {}, config: parseConfig(stack, await askConfig(stack)) };
}

const StackFile = z.object({ secretsprovider: z.string().min(1).optional() }).nullish();

/** What a stack's file says its secrets are encrypted with; undefined where it leaves that to Pulumi. */
export const secretsProviderIn = (stackFile: string): string | undefined =>
  StackFile.parse(parse(stackFile))?.secretsprovider;

/**
 * Removes the stack, which must hold no resources, with all that our backend has of it; its file in
 * the repository stays.
 */
export async function forgetStack(stack: OpenStack): Promise<void> {
  await demand(stack, ["stack", "rm", "--yes", "--remove-backups"], { cwd: stack.files.folder });
  removeLeftovers(stack);
}

/**
 * The stack's outputs as they are, undefined when there is no such stack. Secrets are `[secret]`
 * unless they are asked for, and only then the passphrase is needed.
 */
export async function readOutputs(
  stack: OpenStack,
  { secrets }: { secrets: boolean },
): Promise<Record<string, unknown> | undefined> {
  const show = secrets ? ["--show-secrets"] : [];
  const answer = await ask(stack, ["stack", "output", "--json", ...show]);
  if (answer.code === STACK_NOT_FOUND) return undefined;
  if (answer.code !== 0) throw failure(stack, answer);
  return AnyOutputs.parse(JSON.parse(answer.stdout));
}

/** The outputs of a stack that is deployed, secrets in clear. Throws a UserError when it is not. */
export const deployedOutputs = async (stack: OpenStack): Promise<StackOutputs> =>
  checkOutputs(stack.stack, await readOutputs(stack, { secrets: true }), StackOutputs);

const deployIt = (stack: string) => [`deploy it: ${npmRun("up", stack)}`];

/** For commands that need a stack which is not there. */
export const noStack = (stack: string) =>
  new UserError(`there is no stack "${stack}"`, deployIt(stack));

/** The outputs that the schema wants, or a UserError that says how to get them. */
export function checkOutputs<T>(
  stack: string,
  values: Readonly<Record<string, unknown>> | undefined,
  schema: z.ZodType<T>,
): T {
  const mend = deployIt(stack);
  if (values === undefined) throw noStack(stack);
  if (Object.keys(values).length === 0)
    throw new UserError(`stack "${stack}" is not deployed: it has no outputs`, mend);
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const keys = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))];
  throw new UserError(
    `stack "${stack}" lacks outputs that this version needs: ${keys.join(", ")}`,
    mend,
  );
}

const askConfig = (stack: OpenStack) =>
  ask(stack, ["config", "--json", "--show-secrets", "--config-file", stack.files.configFile]);

function parseConfig(stack: OpenStack, answer: CliAnswer): Record<string, string> {
  if (answer.code !== 0) throw failure(stack, answer);
  return Object.fromEntries(
    Object.entries(Config.parse(JSON.parse(answer.stdout))).map(([key, { value }]) => [key, value]),
  );
}
