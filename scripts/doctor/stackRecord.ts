/** What a backend has of a stack, read without changing anything and, in our own backend, without the CLI. */
import * as z from "zod";
import { readIfThere } from "../../machine/readIfThere.ts";
import { StackOutputs } from "../../turn/outputs.ts";
import { npmRun } from "../npmRun.ts";
import { readBackend } from "../pulumi/backend.ts";
import { projectName } from "../pulumi/backendFolder.ts";
import { STACK_NOT_FOUND } from "../pulumi/runCli.ts";
import { shortName } from "../pulumi/stackFiles.ts";
import { stateFile } from "../pulumi/stateFile.ts";
import { cliFile, installedCli } from "../setup/pulumiPaths.ts";
import { CommandFailed, runCommand } from "../setup/runCommand.ts";
import { NotTold, type DoctorContext } from "./check.ts";

/** The outputs that checks look at: none of them is a secret. */
const DoctorOutputs = StackOutputs.pick({
  apiUrl: true,
  livekitUrl: true,
  edgeUrl: true,
  cloud: true,
  nodeAddress: true,
  iceUrls: true,
  ports: true,
  caCertificate: true,
  containers: true,
});
export type DoctorOutputs = z.infer<typeof DoctorOutputs>;

export interface StackRecord {
  /** Undefined when the stack is not deployed, or by a version whose outputs are others. */
  readonly outputs: DoctorOutputs | undefined;
  readonly resources: number;
  /** What an update was doing when it broke off, such as `creating turnkey-dev-api`. */
  readonly pending: readonly string[];
}

const Resource = z.object({
  type: z.string(),
  urn: z.string(),
  outputs: z.record(z.string(), z.unknown()).optional(),
});
const Deployment = z.object({
  resources: z.array(Resource).nullish(),
  pending_operations: z.array(z.object({ resource: Resource, type: z.string() })).nullish(),
});
const StateFile = z.object({
  checkpoint: z.object({ latest: Deployment.nullish() }).optional(),
  deployment: Deployment.nullish(),
});

/** The state is there and nobody can read it, Pulumi neither. */
export class DamagedState extends NotTold {}

/** Reads the JSON of a state file, or of `pulumi stack export`. Throws when it is neither. */
export function parseStackRecord(text: string): StackRecord {
  const { checkpoint, deployment } = StateFile.parse(JSON.parse(text));
  const { resources, pending_operations: pending } = checkpoint?.latest ?? deployment ?? {};
  const root = resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  return {
    outputs: DoctorOutputs.safeParse(root?.outputs).data,
    resources: resources?.length ?? 0,
    pending: (pending ?? []).map(
      ({ type, resource }) => `${type} ${resource.urn.split("::").at(-1)}`,
    ),
  };
}

type Place = Pick<DoctorContext, "stack" | "project" | "env" | "signal">;

/** The stack's record, undefined when the backend has none. */
export async function readStackRecord(place: Place): Promise<StackRecord | undefined> {
  const backend = readBackend(place.project, place.env);
  if (backend.owner === "user") return exported(place, backend.chosenBy);
  const file = stateFile(backend.folder, projectName(place.project), shortName(place.stack));
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  try {
    return parseStackRecord(text);
  } catch (cause) {
    throw new DamagedState(
      `the state of the stack is damaged: ${file}`,
      `${npmRun("up", place.stack)} takes the last whole state in its place`,
      { cause },
    );
  }
}

async function exported({ stack, project, env, signal }: Place, chosenBy: string) {
  if (installedCli(env) === "none")
    throw new NotTold(
      `your own Pulumi backend (${chosenBy}) is asked by the Pulumi CLI, which is not installed`,
      "npm run up installs it",
    );
  const args = ["stack", "export", "--stack", stack, "--non-interactive"];
  try {
    const command = {
      file: cliFile(env),
      args,
      cwd: project,
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    };
    return parseStackRecord(await runCommand(command, { report: () => undefined, signal }));
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    if (error.code === STACK_NOT_FOUND) return undefined;
    throw new NotTold(
      `your own Pulumi backend (${chosenBy}) does not tell: ${error.lines.at(-1) ?? error.code}`,
      undefined,
      { cause: error },
    );
  }
}
