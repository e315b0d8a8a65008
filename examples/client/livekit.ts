/**
 * A LiveKit room over the API's ICE servers, through every reconnection. In an application the library is
 * imported from "turnkey-ice".
 */
import type { Room } from "livekit-client";
import { type IceConfigClient, liveRtcConfig } from "../../client/ice/index.ts";

/** Where to, and as whom: the answer of `POST /api/livekit/token`. */
export interface RoomTicket {
  readonly server_url: string;
  readonly participant_token: string;
}

/** Joins; `relayOnly` is for networks that shall see nothing but the relay. */
export async function joinRoom(
  room: Room,
  ticket: RoomTicket,
  client: IceConfigClient,
  relayOnly = false,
): Promise<void> {
  // The first connection is to have ICE servers; from here on the client has newer ones in time.
  await client.get();
  const rtcConfig = liveRtcConfig(client, {
    iceTransportPolicy: relayOnly ? "relay" : "all",
  } as const);
  await room.connect(ticket.server_url, ticket.participant_token, { rtcConfig });
}
