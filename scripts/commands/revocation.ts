/** What the revocation of a generation of keys comes to. */
import type { Settings } from "../../config.ts";
import { keyGeneration, keyGenerations, toSeconds } from "../../settings/rotations.ts";
import { npmRun } from "../npmRun.ts";
import { UserError } from "../userError.ts";
import { addRevoked, addRotation } from "./listEdits.ts";
import type { FileEdit } from "./stackSettings.ts";
import { elsewhere, type Remainder, roomTokensUntil, turnCredentialsUntil } from "./whatGoesOn.ts";

/** A revocation that is asked for, and what there is. */
export interface AskedRevocation {
  readonly stack: string;
  readonly settings: Settings;
  readonly generation: number;
  /** Generation of the keys in use. */
  readonly deployed: number;
}

/** Throws a UserError when there is nothing to revoke. */
export function requireRevocable({ stack, settings, generation, deployed }: AskedRevocation): void {
  const current = keyGeneration(settings);
  const valid = keyGenerations(settings);
  const up = npmRun("up", stack);
  const refusal = (problem: string, ...mend: string[]) =>
    new UserError(`generation ${generation} of stack "${stack}" ${problem}`, mend);
  if (settings.keys.revoked.includes(generation))
    throw refusal("is revoked already", `if that is not deployed yet: ${up}`);
  if (generation > current)
    throw refusal(
      `never was: its keys are of generation ${current}`,
      `revoke one that is valid: ${valid.join(" or ")}`,
    );
  if (!valid.includes(generation))
    throw refusal(
      `has ended with a rotation: valid are ${valid.join(" and ")}`,
      ...(deployed < current ? [`the last rotation is not deployed yet: ${up}`] : []),
    );
  if (generation > deployed)
    throw refusal("is not deployed: its keys have made nothing yet", `deploy it: ${up}`);
}

export interface Revocation {
  readonly edits: readonly FileEdit[];
  /** The generations that are refused then and were not before. */
  readonly ends: readonly number[];
  /** The generation that is used then. */
  readonly current: number;
}

/**
 * Keys that are in use give way to others first. Those before them end as well then: two generations
 * count at most.
 */
export function revocation(settings: Settings, generation: number, now: Date): Revocation {
  const [current, ...previous] = keyGenerations(settings);
  if (generation !== current)
    return { edits: [addRevoked(generation)], ends: [generation], current };
  const last = settings.keys.rotations.at(-1);
  // A date in the list may lie in the future, and dates stand oldest first.
  const earliest = last === undefined ? 0 : Date.parse(last) + 1000;
  const date = toSeconds(new Date(Math.max(now.getTime(), earliest)));
  return {
    edits: [addRotation(date), addRevoked(current)],
    ends: [...previous, current],
    current: current + 1,
  };
}

/** `generation 2`, or `generations 1 and 2`. */
export const generationsText = (generations: readonly number[]): string =>
  `generation${generations.length > 1 ? "s" : ""} ${generations.join(" and ")}`;

/** What goes on when a generation of these settings is gone. */
export function goesOnWithout(settings: Settings, generation: number, now: Date): Remainder[] {
  const current = keyGeneration(settings);
  const ofCurrent: Remainder[] = [
    {
      what: `room tokens of generation ${current}`,
      until: roomTokensUntil(now),
      why: `its keys count; LiveKit renews tokens with any key it has, so who was in a room by a leaked key may hold one for longer: revoke generation ${current} to end those too`,
    },
    {
      what: `TURN credentials of generation ${current}`,
      until: turnCredentialsUntil(now),
      why: "its keys count",
    },
  ];
  return [
    ...(generation === current ? [] : ofCurrent),
    { what: "users' API tokens", why: "another secret signs them: clients fetch anew with theirs" },
    ...elsewhere(settings, now),
  ];
}
