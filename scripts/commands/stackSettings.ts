/** A stack's settings as its file has them, and changing that file. */
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { parseSettings, type Settings, stackValues } from "../../config.ts";
import { SettingsError } from "../../settingsError.ts";
import { stackConfig } from "../doctor/stackConfig.ts";
import { project } from "../pulumi/project.ts";
import { stackFileName } from "../pulumi/stackFiles.ts";
import { writeWhole } from "../setup/writeWhole.ts";
import { UserError } from "../userError.ts";

/** Secrets that are encrypted are not opened. Throws a UserError with everything that is wrong. */
export function settingsOf(stack: string): Settings {
  try {
    return parseSettings(stackValues(stackConfig(project, stack)));
  } catch (error) {
    if (error instanceof SettingsError) throw new UserError(error.message, [], { cause: error });
    throw error;
  }
}

/** A change to the text of the file. */
export interface FileEdit {
  /** Undefined when the text is written in a way that the change cannot be made in. */
  readonly change: (text: string) => string | undefined;
  /** How to make it by hand. */
  readonly byHand: string;
}

/** Makes all changes or none; a UserError tells how to make them by hand. */
export function editStackFile(stack: string, edits: readonly FileEdit[]): void {
  const name = stackFileName(stack);
  // A link stays one.
  const file = realpathSync(join(project, name));
  const changed = edits.reduce<string | undefined>(
    (text, { change }) => (text === undefined ? undefined : change(text)),
    readFileSync(file, "utf8"),
  );
  if (changed === undefined)
    throw new UserError(
      `${name} is written in a way that it cannot be changed without touching something else`,
      edits.map(({ byHand }) => byHand),
    );
  writeWhole(file, changed);
}
