/** Keeps users who are cut off out of LiveKit's rooms for as long as a room token may let them in. */
import type { FastifyBaseLogger } from "fastify";
import type { RoomServiceClient } from "livekit-server-sdk";
import { ROOM_TOKENS_LIVE_SECONDS } from "../turn/roomToken.ts";
import type { BlockedUsers } from "./blockedUsers.ts";
import { isIdentityOf } from "./participantIdentity.ts";
import { removeParticipants } from "./removeParticipants.ts";

export interface KeepOutDeps {
  readonly blockedUsers: BlockedUsers;
  readonly rooms: Pick<RoomServiceClient, "listRooms" | "listParticipants" | "removeParticipant">;
  readonly now: () => Date;
  readonly log: Pick<FastifyBaseLogger, "info" | "warn" | "error">;
}

const LOOK_AGAIN_MS = 2_000;

/**
 * One look into LiveKit's rooms, to be taken again and again: removes who is cut off. It asks LiveKit
 * nothing when nobody is, nor when every token has ended that was signed before the list changed or
 * that LiveKit renewed for somebody who was found. Who comes and goes between two looks is not found.
 */
export function keepOutOnce(deps: KeepOutDeps): () => Promise<void> {
  const { blockedUsers, rooms, now, log } = deps;
  let known: ReadonlySet<string> = new Set();
  let until = 0;
  let isSilent = false;
  const tokensMayLive = () => {
    until = now().getTime() + ROOM_TOKENS_LIVE_SECONDS * 1000;
  };
  return async () => {
    const users = blockedUsers(log);
    if (users !== known) tokensMayLive();
    known = users;
    if (users.size === 0 || now().getTime() >= until) return;
    try {
      const removed = await removeParticipants(rooms, isIdentityOf(users));
      if (removed.length > 0) tokensMayLive();
      for (const { room, identity } of removed)
        log.info({ audit: "removed-participant", identity, room }, "removed a user who is cut off");
      isSilent = false;
    } catch (error) {
      if (!isSilent)
        log.warn({ err: error }, "LiveKit's rooms cannot be searched for users cut off");
      isSilent = true;
      // Nobody knows who came in meanwhile.
      tokensMayLive();
    }
  };
}

/** Looks every two seconds for as long as the process lives; one look at a time. */
export function keepOut(deps: KeepOutDeps): void {
  const look = keepOutOnce(deps);
  const again = () => void setTimeout(() => void look().finally(again), LOOK_AGAIN_MS).unref();
  again();
}
