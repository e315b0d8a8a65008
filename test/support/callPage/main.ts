/** What a test's page can do; the test calls it by evaluating text. */
import { Room, RoomEvent, Track } from "livekit-client";
import { openSession } from "../../../client/demo/session.ts";
import type { Session } from "../../../client/pages/session.ts";
import { gathered, states, statistics, watchConnections } from "./connections.ts";
import { receiveFile, sendFile } from "./file.ts";
import { generatedTracks, play, stopPlaying } from "./media.ts";
import type { FileSeen, PeerWish, Relay, Signal } from "./messages.ts";
import { openPeer, type Peer, transportPolicy } from "./peer.ts";
import { openUserSession } from "./session.ts";

declare global {
  /** The test's: carries a signal to the other side's page. */
  function tellOtherSide(signal: Signal): Promise<void>;
}

const sources = { audio: Track.Source.Microphone, video: Track.Source.Camera };

let session: Session | undefined;
let peer: Peer | undefined;
let received: Promise<FileSeen> | undefined;
let room: Room | undefined;

function begun(): Session {
  if (!session) throw new Error("there is no session");
  return session;
}

function channel(): RTCDataChannel {
  if (!peer?.channel) throw new Error("there is no data channel");
  return peer.channel;
}

const actions = {
  /** Gets a session, of the demo's unless there is a user's token; its credentials serve any call within ten minutes. */
  begin: async (name: string, token?: string) => {
    session = await (token === undefined ? openSession(name) : openUserSession(name, token));
  },
  openPeer: (wish: PeerWish) => {
    peer = openPeer(begun().ice, wish, (signal) => globalThis.tellOtherSide(signal));
    received = peer.channel && receiveFile(peer.channel);
  },
  offer: () => peer?.offer(),
  hear: (signal: Signal) => peer?.hear(signal),
  sendFile: (bytes: number) => sendFile(channel(), bytes),
  receivedFile: () => received,
  /** Joins, sends a picture and a tone, and plays what others send. */
  joinRoom: async (relay: Relay) => {
    const { server_url, participant_token } = begun().livekit;
    room = new Room({ stopLocalTrackOnUnpublish: false });
    room.on(RoomEvent.TrackSubscribed, ({ mediaStreamTrack }) => play(mediaStreamTrack));
    await room.connect(server_url, participant_token, {
      rtcConfig: { iceTransportPolicy: transportPolicy(relay) },
    });
    const { localParticipant } = room;
    await Promise.all(
      generatedTracks().map((track) =>
        localParticipant.publishTrack(track, {
          source: sources[track.kind === "video" ? "video" : "audio"],
          simulcast: false,
        }),
      ),
    );
  },
  hangUp: async () => {
    peer?.connection.close();
    await room?.disconnect(false);
    peer = received = room = undefined;
    stopPlaying();
  },
  statistics,
  states,
  gathered,
};

watchConnections();
Object.assign(globalThis, { turnkeyCalls: actions });
