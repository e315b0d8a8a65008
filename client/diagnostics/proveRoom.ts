import { type LocalTrackPublication, Room, RoomEvent, Track } from "livekit-client";
import { pathOf } from "../pages/path.ts";
import type { Session } from "../pages/session.ts";
import { movingPicture } from "./movingPicture.ts";
import type { RoomProof } from "./measured.ts";
import { roomStage } from "./roomStage.ts";
import { pause, StageFailed } from "./waiting.ts";

/** Time to set up a connection; a browser tries UDP before TCP and TLS. */
const CONNECT_MS = 20_000;
/** Time for pictures to go out, encoded in software. */
const FRAMES_MS = 15_000;
const ENOUGH_FRAMES = 5;
const LOOK_EVERY_MS = 200;

/**
 * Joins the session's room, sends a small moving picture there and leaves. `relayOnly` refuses every
 * path but the relay. Throws `StageFailed` with what `roomStage` gives, or "sending a picture".
 */
export async function proveRoom(
  { livekit: { server_url, participant_token } }: Session,
  relayOnly: boolean,
  signal: AbortSignal,
): Promise<RoomProof> {
  const room = new Room();
  let signalled = false;
  room.on(RoomEvent.SignalConnected, () => {
    signalled = true;
  });
  const leave = () => void room.disconnect();
  signal.addEventListener("abort", leave);
  const picture = movingPicture();
  const stage = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      signal.throwIfAborted();
      const why = error instanceof Error ? error.message : String(error);
      throw new StageFailed(roomStage(error, signalled), why);
    }
  };
  try {
    const began = performance.now();
    await stage(
      room.connect(server_url, participant_token, {
        rtcConfig: { iceTransportPolicy: relayOnly ? "relay" : "all" },
        peerConnectionTimeout: CONNECT_MS,
      }),
    );
    const published = await stage(
      room.localParticipant.publishTrack(picture.track, {
        source: Track.Source.Camera,
        simulcast: false,
      }),
    );
    return { ...(await pictures(published, signal)), connectedMs: performance.now() - began };
  } finally {
    signal.removeEventListener("abort", leave);
    picture.stop();
    await room.disconnect();
  }
}

/** Waits until pictures have gone out, and tells on which path. */
async function pictures(published: LocalTrackPublication, signal: AbortSignal) {
  for (const end = performance.now() + FRAMES_MS; performance.now() < end;) {
    // oxlint-disable-next-line no-await-in-loop -- asked again until there is an answer
    const report = await published.track?.getRTCStatsReport();
    const stats = [...(report?.values() ?? [])].filter(isStat);
    const frames = stats.map((it) => it["framesSent"]).find((it) => typeof it === "number") ?? 0;
    const path = pathOf(stats);
    if (path && frames >= ENOUGH_FRAMES) return { path, frames };
    // oxlint-disable-next-line no-await-in-loop -- between two looks
    await pause(LOOK_EVERY_MS, signal);
  }
  throw new StageFailed("sending a picture", "no picture went out");
}

const isStat = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
