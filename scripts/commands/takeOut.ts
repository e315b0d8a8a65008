/** Takes a user out of every room of a deployed stack. */
import { setTimeout as delay } from "node:timers/promises";
import type * as z from "zod";
import { isIdentityOf } from "../../api/participantIdentity.ts";
import {
  type RemovedParticipant,
  removeParticipants,
  roomService,
} from "../../api/removeParticipants.ts";
import type { Settings } from "../../config.ts";
import { StackOutputs } from "../../turn/outputs.ts";
import { listenAddress, row } from "../../turn/ports.ts";
import { UserError } from "../userError.ts";
import { roomTokensUntil } from "./whatGoesOn.ts";

/** What of a stack's outputs says how to get at its rooms. */
export const RoomOutputs = StackOutputs.pick({
  ports: true,
  nodeAddress: true,
  livekitUrl: true,
  roomKey: true,
});
export type RoomOutputs = z.infer<typeof RoomOutputs>;

/** LiveKit's HTTP as this machine reaches it. */
export function livekitHttpUrl(
  target: Settings["target"],
  { ports, nodeAddress, livekitUrl }: Omit<RoomOutputs, "roomKey">,
): string {
  const signalling = row(ports, "signalling");
  return target === "docker"
    ? `http://${listenAddress(signalling, nodeAddress)}:${signalling.from}`
    : livekitUrl.replace(/^ws/, "http");
}

/** Takes a user out of all rooms once, and tells out of which. */
export type TakeOut = () => Promise<RemovedParticipant[]>;

export function takingOut(user: string, target: Settings["target"], outputs: RoomOutputs): TakeOut {
  const rooms = roomService(livekitHttpUrl(target, outputs), outputs.roomKey);
  return () => removeParticipants(rooms, isIdentityOf(new Set([user])));
}

/** Within this time the API notices that its list has changed; until then it may hand out a token. */
const NOTICED_MS = 2_000;
/** A client that comes back by itself is found in the first; more are for a LiveKit that takes its time. */
const LOOKS_AGAIN = 7;

/** What is done about a user who cannot be kept out, and how to wait. */
export interface Insisting {
  readonly user: string;
  /** The command that ends the tokens of everybody. */
  readonly endAll: string;
  /** Default: the time itself. */
  readonly wait?: (ms: number) => Promise<unknown>;
}

/**
 * Takes a user out until nobody is found once the API knows. Throws a UserError where LiveKit does not
 * answer, and where the user still comes back after about 15 s.
 */
export async function untilOut(
  takeOut: TakeOut,
  { user, endAll, wait = delay }: Insisting,
): Promise<RemovedParticipant[]> {
  const removed = await searched(takeOut);
  let again = removed;
  for (let look = 0; look < LOOKS_AGAIN; look += 1) {
    await wait(NOTICED_MS);
    again = await searched(takeOut);
    if (again.length === 0) return removed;
    removed.push(...again);
  }
  const rooms = [...new Set(again.map(({ room }) => room))].join(", ");
  throw new UserError(
    `user ${user} is cut off, but still comes back into rooms with a token from before: ${rooms}`,
    [
      `the API takes them out again every two seconds, until ${roomTokensUntil(new Date())} at least`,
      `to end all tokens at once, for everybody: ${endAll}`,
    ],
  );
}

async function searched(takeOut: TakeOut): Promise<RemovedParticipant[]> {
  try {
    return await takeOut();
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `the API gives the user nothing more, but LiveKit's rooms could not be searched: ${problem}`,
      ["the API goes on trying; run the same command again to see it done"],
      { cause: error },
    );
  }
}

/** Who was taken out of which room, for people. */
export function removedText(removed: readonly RemovedParticipant[]): string {
  if (removed.length === 0) return "They were in no room.";
  const lines = removed.map(({ room, identity }) => `  ${room} as ${identity}`);
  return `They were taken out of these rooms:\n${[...new Set(lines)].join("\n")}`;
}
