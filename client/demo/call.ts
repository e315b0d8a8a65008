/** A call, whichever way it goes. */
import { DisconnectReason, Room, RoomEvent } from "livekit-client";
import type { Session } from "../pages/session.ts";

/** What a call tells while it goes on. */
export interface CallEvents {
  /** The other side's picture; undefined when it is gone. */
  readonly picture: (stream: MediaStream | undefined) => void;
  readonly status: (text: string) => void;
  /** The call is over, and not because this side hung up. */
  readonly ended: (reason: string) => void;
}

export interface CallOptions {
  readonly session: Session;
  /** What this side shows. */
  readonly track: MediaStreamTrack;
  readonly relayOnly: boolean;
  readonly events: CallEvents;
}

/** Statistics of one direction, or of both where they share a connection. */
export interface Measured {
  readonly direction: string;
  readonly report: RTCStatsReport;
}

export interface Call {
  measure(): Promise<Measured[]>;
  /** Shows something else to the other side. */
  show(track: MediaStreamTrack): Promise<void>;
  hangUp(): Promise<void>;
}

export type StartCall = (options: CallOptions) => Promise<Call>;

/** Only relayed paths, or all. */
export const transportPolicy = (relayOnly: boolean): RTCIceTransportPolicy =>
  relayOnly ? "relay" : "all";

/** A room that tells how its connection fares; nobody is in it yet. */
export function makeRoom(events: CallEvents): Room {
  // The picture is the page's, which may show it in the next call.
  const room = new Room({ stopLocalTrackOnUnpublish: false });
  room.on(RoomEvent.Reconnecting, () => events.status("the connection is lost; connecting again"));
  room.on(RoomEvent.Reconnected, () => events.status("connected again"));
  room.on(RoomEvent.Disconnected, (reason) => {
    if (reason !== DisconnectReason.CLIENT_INITIATED) events.ended("the room is gone");
  });
  return room;
}

/** Joins the session's room. */
export async function enter(room: Room, { session, relayOnly }: CallOptions): Promise<void> {
  const { server_url, participant_token } = session.livekit;
  await room.connect(server_url, participant_token, {
    rtcConfig: { iceTransportPolicy: transportPolicy(relayOnly) },
  });
}

/** Leaves it; what this side shows goes on. */
export const leave = (room: Room): Promise<void> => room.disconnect(false);
