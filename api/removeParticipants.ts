/** Takes participants out of LiveKit's rooms. */
import { RoomServiceClient, TwirpError } from "livekit-server-sdk";
import type { ApiKeyPair } from "../turn/outputs.ts";

const TIMEOUT_SECONDS = 5;

/** LiveKit's own API at its HTTP URL. */
export const roomService = (httpUrl: string, { key, secret }: ApiKeyPair): RoomServiceClient =>
  new RoomServiceClient(httpUrl, key, secret, {
    requestTimeout: TIMEOUT_SECONDS,
    failover: false,
  });

/** Who was taken out of which room. */
export interface RemovedParticipant {
  readonly room: string;
  readonly identity: string;
}

/**
 * Removes everybody whose identity is wanted from every room. Their clients are told to leave and do
 * not come back by themselves; LiveKit (1.13.11 and before) has no way to refuse their tokens.
 */
export async function removeParticipants(
  rooms: Pick<RoomServiceClient, "listRooms" | "listParticipants" | "removeParticipant">,
  isWanted: (identity: string) => boolean,
): Promise<RemovedParticipant[]> {
  const removed: RemovedParticipant[] = [];
  for (const { name: room } of await rooms.listRooms())
    for (const { identity } of (await unlessGone(rooms.listParticipants(room))) ?? [])
      if (isWanted(identity)) {
        await unlessGone(rooms.removeParticipant(room, identity));
        removed.push({ room, identity });
      }
  return removed;
}

/** Rooms and participants come and go meanwhile. */
async function unlessGone<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof TwirpError && error.code === "not_found") return undefined;
    throw error;
  }
}
