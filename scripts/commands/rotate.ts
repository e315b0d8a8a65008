import type { Settings } from "../../config.ts";
import {
  earliestRotation,
  keyGeneration,
  keyGenerations,
  rotationProblems,
  toSeconds,
} from "../../settings/rotations.ts";
import { npmRun } from "../npmRun.ts";
import { stackFileName } from "../pulumi/stackFiles.ts";
import { UserError } from "../userError.ts";
import { deployedGeneration } from "./deployedGeneration.ts";
import { addRotation } from "./listEdits.ts";
import { editStackFile, settingsOf } from "./stackSettings.ts";
import type { StackOptions } from "./withStack.ts";

/**
 * `npm run rotate`: adds a rotation of the keys to the stack's file, and says what comes of it. Only
 * `npm run revoke` writes that file as well.
 */
export async function rotate({ stack }: StackOptions): Promise<number> {
  const settings = settingsOf(stack);
  const date = toSeconds(new Date());
  const deployed = await deployedGeneration(stack);
  requireDue({ stack, settings, date, deployed });
  editStackFile(stack, [addRotation(date)]);
  console.log(rotationNote(stack, settings, date));
  return 0;
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
  keys: { ...settings.keys, rotations: [...settings.keys.rotations, date] },
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
  const [current, ending] = keyGenerations(settings);
  const gone =
    ending === undefined
      ? "nothing that was handed out ends before its time"
      : `what the keys of generation ${ending} made is refused from then on`;
  return `${stackFileName(stack)}: added "${date}" to turnkey:keys.rotations; only this script and revoke write that file

Nothing is deployed yet. ${npmRun("up", stack)}
  makes keys of generation ${generation} for rooms and TURN, which the API uses from then on
  keeps those of generation ${current} valid; ${gone}
  restarts LiveKit and the API: calls pause for some seconds while clients reconnect, relays are
  allocated anew, and a client that cannot come back with its token has to fetch a new one

Deploy it soon: the keys in use serve until then. The next rotation may be ${next ? toSeconds(next) : "now"} at the earliest.`;
}
