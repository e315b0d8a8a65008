/** What operations that broke off may have left: locks, pending operations, objects, copies, a passphrase. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { STACK_LABEL } from "../../../components/dockerLabels.ts";
import type { DockerEngine } from "../../../machine/dockerEngine.ts";
import { objectKinds, objectsByLabel, type EngineObject } from "../../../machine/engineObjects.ts";
import { npmRun } from "../../npmRun.ts";
import { readBackend } from "../../pulumi/backend.ts";
import { projectName } from "../../pulumi/backendFolder.ts";
import { holdsStacks } from "../../pulumi/leftovers.ts";
import { passphraseFile } from "../../pulumi/passphrase.ts";
import { lostCopies, stackFileName, stacksWithFile } from "../../pulumi/stackFiles.ts";
import { readIfThere } from "../../../machine/readIfThere.ts";
import type { Check, DoctorContext } from "../check.ts";
import { ok, problem, unknown, warning, type Finding } from "../finding.ts";
import { lockFindings } from "../lockFindings.ts";
import { orphanFindings } from "../orphanFindings.ts";
import { DamagedState, type StackRecord } from "../stackRecord.ts";

/** What an update was doing when it broke off. */
export const pendingFindings = (
  { pending }: Pick<StackRecord, "pending">,
  up: string,
): Finding[] =>
  pending.length > 0
    ? [
        problem(
          `an update broke off while it was ${pending.join(", ")}`,
          `${up} removes what was half made and goes on`,
        ),
      ]
    : [];

/** The stacks of our file backend, of this project. */
function stacksIn(folder: string, project: string): string[] {
  const path = join(folder, ".pulumi", "stacks", project);
  return existsSync(path)
    ? readdirSync(path).flatMap((it) => /^(.+)\.json$/.exec(it)?.[1] ?? [])
    : [];
}

async function engineObjects(engine: DockerEngine): Promise<EngineObject[]> {
  return (
    await Promise.all(objectKinds.map((kind) => objectsByLabel(engine, kind, STACK_LABEL)))
  ).flat();
}

/** Copies of stacks' files that killed commands left. */
export function copyFindings(copies: readonly string[]): Finding[] {
  return copies.length === 0
    ? []
    : [
        warning(
          `commands that were killed left copies of stack files: ${copies.join(", ")}`,
          "the next npm run up removes them",
        ),
      ];
}

/** A passphrase without anything that it opens. */
function passphraseFindings(
  { project, env }: Pick<DoctorContext, "project" | "env">,
  stacks: boolean,
): Finding[] {
  const file = passphraseFile(env);
  const opens = stacksWithFile(project).some((it) =>
    /^encryptionsalt:/m.test(readIfThere(join(project, stackFileName(it))) ?? ""),
  );
  return stacks || opens || !existsSync(file)
    ? []
    : [
        warning(
          `the passphrase ${file} is left of stacks that are gone`,
          "npm run down removes it",
        ),
      ];
}

async function record(
  context: DoctorContext,
): Promise<{ record?: StackRecord | undefined; findings: Finding[] }> {
  try {
    return { record: await context.record(), findings: [] };
  } catch (error) {
    if (!(error instanceof DamagedState)) throw error;
    return { findings: [problem(error.message, error.mend ?? "")] };
  }
}

/** What an update that broke off left in the stack's own state. */
function brokenOff(mine: StackRecord | undefined, stack: string): Finding[] {
  const up = npmRun("up", stack);
  if (!mine) return [];
  if (mine.outputs || mine.resources === 0) return pendingFindings(mine, up);
  return [
    ...pendingFindings(mine, up),
    problem(
      `stack "${stack}" lacks outputs: an update broke off, or an older version deployed it`,
      up,
    ),
  ];
}

export const state: Check = {
  async run(context) {
    const { stack, project, env, now, target } = context;
    const backend = readBackend(project, env);
    const mine = await record(context);
    const objects =
      target === "docker" ? await context.engine().then(engineObjects, () => undefined) : [];
    const known = new Set(
      backend.owner === "turnkey"
        ? stacksIn(backend.folder, projectName(project))
        : stacksWithFile(project),
    );
    const own = backend.owner === "turnkey" ? backend.folder : undefined;
    const locks = lockFindings({ backend, project, stack, env }, now());
    const findings = [
      ...mine.findings,
      ...locks.findings,
      ...(locks.busy ? [] : brokenOff(mine.record, stack)),
      ...(own === undefined ? [] : passphraseFindings(context, holdsStacks(own))),
      ...(objects
        ? orphanFindings(objects, known)
        : [unknown("objects left in the engine: it does not answer")]),
      ...copyFindings(lostCopies()),
    ];
    const where =
      backend.owner === "turnkey"
        ? `state in ${backend.folder}`
        : `state in your own backend (${backend.chosenBy})`;
    return findings.some(({ level }) => level !== "unknown")
      ? findings
      : [ok(`${where}; nothing is left over or locked`), ...findings];
  },
};
