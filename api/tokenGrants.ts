/** What of the settings' grants goes for a request for a room token. */
import { VERIFY_SUBJECT } from "../turn/apiToken.ts";
import { allowsRoom, defaultGrants, type RoomGrants } from "../turn/roomGrants.ts";
import { RequestError } from "./errors.ts";
import type { RoomTokenRequest } from "./roomToken.ts";

/**
 * The grants of a user's token for a room. Verify proves the relay in rooms of its own, with data and
 * whatever the settings say of other rooms: else a deployment that grants less could not be proven.
 */
export const grantsFor = (settings: RoomGrants, user: string, room: string): RoomGrants =>
  user === VERIFY_SUBJECT && room.startsWith(`${VERIFY_SUBJECT}-`) ? defaultGrants : settings;

/** Throws a 403 that names what a request asks for beyond the grants. */
export function refuseBeyond(grants: RoomGrants, room: string, asked: RoomTokenRequest): void {
  if (!allowsRoom(grants, room))
    throw new RequestError(403, `room_name: no tokens are given for room ${JSON.stringify(room)}`);
  if (!grants.agents && asked.room_config?.agents?.length)
    throw new RequestError(403, "room_config.agents: requests may not dispatch agents here");
}
