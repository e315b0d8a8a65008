import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { parseSettings, type Settings, stackValues } from "../../config.ts";
import {
  earliestRotation,
  keyGeneration,
  rotationProblems,
  toSeconds,
} from "../../settings/rotations.ts";
import { SettingsError } from "../../settingsError.ts";
import { StackOutputs } from "../../turn/outputs.ts";
import { stackConfig } from "../doctor/stackConfig.ts";
import { npmRun } from "../npmRun.ts";
import { appendRotation } from "../pulumi/appendRotation.ts";
import { project } from "../pulumi/project.ts";
import { stackFileName } from "../pulumi/stackFiles.ts";
import { readOutputs } from "../pulumi/stackState.ts";
import { writeWhole } from "../setup/writeWhole.ts";
import { UserError } from "../userError.ts";
import { nothingDeployed, type StackOptions, withStack } from "./withStack.ts";

/**
 * `npm run rotate`: adds a rotation of the keys to the stack's file, and says what comes of it. No other
 * script writes that file.
 */
export async function rotate({ stack }: StackOptions): Promise<number> {
  const settings = settingsOf(stack);
  const date = toSeconds(new Date());
  requireDue({ stack, settings, date, deployed: await deployedGeneration(stack) });
  const name = stackFileName(stack);
  // A link stays one.
  const file = realpathSync(join(project, name));
  const changed = appendRotation(readFileSync(file, "utf8"), date);
  if (changed === undefined)
    throw new UserError(`${name} is written in a way that no date can be added to`, [
      `add "${date}" to the list turnkey:keys.rotations by hand`,
    ]);
  writeWhole(file, changed);
  console.log(rotationNote(stack, settings, date));
  return 0;
}

function settingsOf(stack: string): Settings {
  try {
    return parseSettings(stackValues(stackConfig(project, stack)));
  } catch (error) {
    if (error instanceof SettingsError) throw new UserError(error.message, [], { cause: error });
    throw error;
  }
}

/** The generation of the keys that are in use, undefined when nothing is deployed. */
async function deployedGeneration(stack: string): Promise<number | undefined> {
  if (nothingDeployed()) return undefined;
  const outputs = await withStack({ stack }, (open) => readOutputs(open, { secrets: false }));
  return StackOutputs.pick({ keyGeneration: true }).safeParse(outputs).data?.keyGeneration;
}

/** A rotation that is asked for, and what there is. */
export interface AskedRotation {
  readonly stack: string;
  readonly settings: Settings;
  readonly date: string;
  /** Generation of the keys in use, undefined when none are. */
  readonly deployed: number | undefined;
}

const withRotation = (settings: Settings, date: string): Settings => ({
  ...settings,
  keys: { rotations: [...settings.keys.rotations, date] },
});

/** Throws a UserError when a rotation would end credentials before their time. */
export function requireDue({ stack, settings, date, deployed }: AskedRotation): void {
  if (deployed !== undefined && deployed < keyGeneration(settings))
    throw new UserError(
      `the keys of stack "${stack}" are of generation ${deployed}, and its file already asks for ${keyGeneration(settings)}: two rotations in one update would end what was handed out`,
      [`deploy the one that is written: ${npmRun("up", stack)}`],
    );
  const problem = rotationProblems(withRotation(settings, date)).at(-1);
  if (problem)
    throw new UserError(
      `it is too early to rotate the keys of stack "${stack}": given ${problem.given}, wanted ${problem.wanted}`,
      ["run this again then"],
    );
}

/** What was changed, what it will do, and what that means for calls. */
export function rotationNote(stack: string, settings: Settings, date: string): string {
  const rotated = withRotation(settings, date);
  const generation = keyGeneration(rotated);
  const next = earliestRotation(rotated);
  const gone =
    generation > 2
      ? `what the keys of generation ${generation - 2} made is refused from then on`
      : "nothing that was handed out ends before its time";
  return `${stackFileName(stack)}: added "${date}" to turnkey:keys.rotations; this is the only script that writes that file

Nothing is deployed yet. ${npmRun("up", stack)}
  makes keys of generation ${generation} for rooms and TURN, which the API uses from then on
  keeps those of generation ${generation - 1} valid; ${gone}
  restarts LiveKit and the API: calls pause for some seconds while clients reconnect, relays are
  allocated anew, and a client that cannot come back with its token has to fetch a new one

Deploy it soon: the keys in use serve until then. The next rotation may be ${next ? toSeconds(next) : "now"} at the earliest.`;
}
