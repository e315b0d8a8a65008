/** Takes the last whole state of a stack for one that a full disk has cut off. */
import { existsSync, rmSync } from "node:fs";
import { STACK_LABEL } from "../../components/dockerLabels.ts";
import { connectEngine } from "../../machine/dockerEngine.ts";
import { objectKinds, objectsByLabel, removeObject } from "../../machine/engineObjects.ts";
import { writeWhole } from "../setup/writeWhole.ts";
import { backendFolder, projectName, type FilePlace } from "./backendFolder.ts";
import { shortName } from "./stackFiles.ts";
import { newestCopy, readState, stateFile, type WholeState } from "./stateFile.ts";

/** Whether the stack's state is there and not whole, which no command of Pulumi gets over. */
export function isDamaged(place: FilePlace): boolean {
  const file = fileOf(place);
  return file !== undefined && existsSync(file) && readState(file) === undefined;
}

/**
 * Puts the newest whole state in the place of a damaged one, after removing from the engine what it does
 * not know (in a cloud it only says so); without any, the stack begins anew. Does nothing where the
 * state is whole.
 */
export async function mendState(
  place: FilePlace,
  tell: (line: string) => void,
  { inCloud = false }: { readonly inCloud?: boolean } = {},
): Promise<void> {
  const file = fileOf(place);
  const folder = backendFolder(place);
  if (file === undefined || folder === undefined || !isDamaged(place)) return;
  const stack = shortName(place.stack);
  const copy = newestCopy(folder, projectName(place.project), stack);
  if (!inCloud) await removeUnknown(stack, copy, tell);
  if (copy) writeWhole(file, copy.text);
  else rmSync(file);
  if (inCloud)
    tell(
      `what was made in AWS after that state is not known any more; it bears the tag turnkey:stack=${stack}`,
    );
  tell(
    copy
      ? `the state of stack "${stack}" was cut off: took ${copy.file} in its place`
      : `the state of stack "${stack}" was cut off, and there is none before it: began anew, with new keys`,
  );
}

const fileOf = (place: FilePlace) => {
  const folder = backendFolder(place);
  return folder && stateFile(folder, projectName(place.project), shortName(place.stack));
};

async function removeUnknown(
  stack: string,
  copy: WholeState | undefined,
  tell: (line: string) => void,
): Promise<void> {
  const engine = connectEngine();
  for (const kind of objectKinds)
    for (const it of await objectsByLabel(engine, kind, `${STACK_LABEL}=${stack}`)) {
      if (copy?.ids.has(it.id)) continue;
      await removeObject(engine, it);
      tell(`removed the ${kind} ${it.name}, which the last whole state does not know`);
    }
}
