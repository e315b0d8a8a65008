/** Takes up a stack where an interrupted update left it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { STACK_LABEL } from "../../components/dockerLabels.ts";
import { connectEngine, type DockerEngine } from "../../machine/dockerEngine.ts";
import { isNotFound } from "../../machine/engineError.ts";
import { objectsByLabel, removeObject } from "../../machine/engineObjects.ts";
import { UserError } from "../userError.ts";
import { ask, demand, failure, type OpenStack } from "./openStack.ts";
import {
  pendingIn,
  planMending,
  withAdopted,
  type Begun,
  type MendingPlan,
  type PendingOperation,
} from "./pendingOperations.ts";
import { STACK_NOT_FOUND } from "./runCli.ts";
import { shortName } from "./stackFiles.ts";

/** The stack's pending operations; none where there is no stack. */
export async function readPending(stack: OpenStack): Promise<PendingOperation[]> {
  const answer = await ask(stack, ["stack", "export"]);
  if (answer.code === STACK_NOT_FOUND) return [];
  if (answer.code !== 0) throw failure(stack, answer);
  return pendingIn(answer.stdout);
}

/**
 * Removes what was created and not recorded, then has Pulumi look at the rest and forget what was pending.
 * Says in one line each what it mends. Throws a UserError for what it may not remove.
 */
export async function mendPending(
  stack: OpenStack,
  pending: readonly PendingOperation[],
  tell: (line: string) => void,
): Promise<void> {
  if (pending.length === 0) return;
  const { begun, imports, unknown } = planMending(pending);
  if (unknown.length > 0) throw cannotTell(stack.stack, unknown);
  // A stack in a cloud needs no engine.
  const engine = begun.length > 0 ? connectEngine() : undefined;
  for (const it of begun)
    if (engine && (await removeBegun(engine, stack.stack, it)))
      tell(`removed the ${it.kind} ${it.name}, which an interrupted update left half-made`);
  const { configFile } = stack.files;
  const args = ["--clear-pending-creates", "--yes", "--skip-preview", "--config-file", configFile];
  if (imports.length > 0) await adopt(stack, imports);
  await demand(stack, ["refresh", ...args]);
  tell(`took up what an interrupted update left unfinished: ${pending.map(nameOf).join(", ")}`);
}

/** Takes up into the state what may be there under a name that is known. */
async function adopt(stack: OpenStack, imports: MendingPlan["imports"]): Promise<void> {
  const file = join(stack.files.folder, "adopted.json");
  // Secrets stay encrypted.
  const exported = await demand(stack, ["stack", "export"]);
  writeFileSync(file, withAdopted(exported, imports), { mode: 0o600 });
  await demand(stack, ["stack", "import", "--file", file]);
}

/** Whether there was something to remove. */
async function removeBegun(
  engine: DockerEngine,
  stack: string,
  { kind, name }: Begun,
): Promise<boolean> {
  const ours = await objectsByLabel(engine, kind, `${STACK_LABEL}=${shortName(stack)}`);
  const found = ours.filter((it) => it.name === name);
  for (const it of found) await removeObject(engine, it);
  if (found.length === 0 && (await isTaken(engine, { kind, name })))
    throw new UserError(
      `the ${kind} ${name} stands in the way: stack "${stack}" was about to make one of that name, and this one does not carry its label`,
      [
        `see what it is: docker ${kind} inspect ${name}`,
        "remove or rename it, then run this again",
      ],
    );
  return found.length > 0;
}

async function isTaken(engine: DockerEngine, { kind, name }: Begun): Promise<boolean> {
  const path = `/${kind}s/${encodeURIComponent(name)}`;
  try {
    await engine.json("GET", kind === "container" ? `${path}/json` : path);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** `creating turnkey-dev-api`, or with the name of the resource where it has none in the engine. */
const nameOf = ({ type, resource: { urn, inputs } }: PendingOperation) => {
  const name = inputs?.["name"];
  return `${type} ${typeof name === "string" ? name : (urn.split("::").at(-1) ?? urn)}`;
};

const cannotTell = (stack: string, urns: readonly string[]) =>
  new UserError(
    `an interrupted update of stack "${stack}" was creating what cannot be looked for from here:\n${urns.map((it) => `  ${it}`).join("\n")}`,
    [
      `what of AWS exists: aws resourcegroupstaggingapi get-resources --region REGION --tag-filters Key=turnkey:stack,Values=${stack}`,
      `say for each whether it exists, with its id: eval "$(npm run -s env)" && npx pulumi refresh --stack ${stack}`,
      "then run this again",
    ],
  );
