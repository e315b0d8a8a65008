import { RoomEvent, Track } from "livekit-client";
import { type Call, type CallOptions, enter, leave, makeRoom, type Measured } from "./call.ts";

/** A call through LiveKit: both sides send to the server and get from it, each on a path of its own. */
export async function callThroughLivekit(options: CallOptions): Promise<Call> {
  const { track, events } = options;
  const room = makeRoom(events);
  let shown: Track | undefined;
  room.on(RoomEvent.TrackSubscribed, (theirs) => {
    shown = theirs;
    events.picture(new MediaStream([theirs.mediaStreamTrack]));
    events.status("the other side is here");
  });
  room.on(RoomEvent.TrackUnsubscribed, (theirs) => {
    if (theirs !== shown) return;
    shown = undefined;
    events.picture(undefined);
    events.status("the other side left");
  });
  await enter(room, options);
  // What comes late is the other side's first frame, so one quality is enough.
  const own = await room.localParticipant
    .publishTrack(track, { source: Track.Source.Camera, simulcast: false })
    .catch(async (error: unknown) => {
      await leave(room);
      throw error;
    });
  if (!shown) events.status("waiting for the other side");
  return {
    measure: async () => {
      const directions = [
        { direction: "sending", report: await own.track?.getRTCStatsReport() },
        { direction: "receiving", report: await shown?.getRTCStatsReport() },
      ];
      return directions.flatMap(({ direction, report }): Measured[] =>
        report ? [{ direction, report }] : [],
      );
    },
    show: async (other) => {
      await own.videoTrack?.replaceTrack(other, true);
    },
    hangUp: () => leave(room),
  };
}
