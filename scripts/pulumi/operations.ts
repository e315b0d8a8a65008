/** The operations that run in the foreground: up, preview and destroy. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { UserError } from "../userError.ts";
import { eventsIn } from "./events.ts";
import { explain, explainFullDisk } from "./explain.ts";
import { ask, operate, type OpenStack } from "./openStack.ts";
import { isFull } from "./requireRoom.ts";
import type { ForegroundCall } from "./runCli.ts";

export type Operation = "up" | "preview" | "destroy";

/** A policy pack that judges an operation. */
export interface PolicyRun {
  /** Its folder, relative to the project. */
  readonly pack: string;
  /** JSON file with its configuration. */
  readonly configFile: string;
}

export interface OperationOptions {
  /** Whether Pulumi shows what it is about to do and asks; a preview never does. */
  readonly confirm: boolean;
  /** What the user gave after `--`, passed to Pulumi last, so that it wins. */
  readonly extra: readonly string[];
  /** Default: no policies. */
  readonly policy?: PolicyRun | undefined;
  /** Where Pulumi prints. Default: stdout. */
  readonly printTo?: ForegroundCall["printTo"];
}

export interface OperationFiles {
  readonly configFile: string;
  readonly eventLog: string;
}

/** The command line of an operation. */
export function operationArgs(
  operation: Operation,
  stack: string,
  { configFile, eventLog }: OperationFiles,
  { confirm, extra, policy }: OperationOptions,
): string[] {
  return [
    operation,
    "--stack",
    stack,
    "--config-file",
    configFile,
    "--event-log",
    eventLog,
    // `npm run outputs` shows them readably.
    "--suppress-outputs",
    ...(operation === "preview" || confirm ? [] : ["--yes", "--skip-preview"]),
    ...(policy ? ["--policy-pack", policy.pack, "--policy-pack-config", policy.configFile] : []),
    ...extra,
  ];
}

const Event = z.object({
  diagnosticEvent: z.object({ severity: z.string(), message: z.string() }).optional(),
});

/** Pulumi's marks for colours, such as `<{%reset%}>`. */
const COLOURS = /<\{%.*?%\}>/g;

/** The errors in an event log. */
export const errorsOf = (eventLog: string): string[] =>
  eventsIn(eventLog).flatMap((event) => {
    const { diagnosticEvent } = Event.parse(event);
    return diagnosticEvent?.severity === "error"
      ? [diagnosticEvent.message.replaceAll(COLOURS, "")]
      : [];
  });

const eventLogOf = ({ files }: OpenStack) => join(files.folder, "events.json");

/** The log of the events of the last operation on an open stack (apitype.EngineEvent, one a line). */
export const lastEvents = (stack: OpenStack): string => readFileSync(eventLogOf(stack), "utf8");

/**
 * Runs an operation on our terminal and gives Pulumi's exit code. What can be said about a failure
 * beyond Pulumi's own words is printed after them.
 */
export async function run(
  stack: OpenStack,
  operation: Operation,
  options: OperationOptions,
): Promise<number> {
  const eventLog = eventLogOf(stack);
  const { configFile } = stack.files;
  const code = await operate(
    // The CLI knows --event-log only with this variable; Pulumi's Automation API works the same way.
    { ...stack, env: { ...stack.env, PULUMI_DEBUG_COMMANDS: "true" } },
    operationArgs(operation, stack.stack, { configFile, eventLog }, options),
    options.printTo,
  );
  if (code !== 0) {
    const known = existsSync(eventLog)
      ? explain(errorsOf(readFileSync(eventLog, "utf8")).join("\n"), stack)
      : await explainNotStarted(stack);
    // Pulumi writes history after the last event, and the event log may be on that disk itself.
    const told = known ?? (isFull(stack) ? explainFullDisk(stack) : undefined);
    if (told) console.error(`\n${told.told()}`);
  }
  return code;
}

/** An operation that ends before it starts does so in most cases as it cannot open the stack's secrets. */
async function explainNotStarted(stack: OpenStack): Promise<UserError | undefined> {
  const answer = await ask(stack, ["stack", "output", "--json", "--show-secrets"]);
  return answer.code === 0 ? undefined : explain(answer.stderr, stack);
}
