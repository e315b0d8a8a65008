/** One direct connection to one other browser. */
import { transportPolicy, type CallOptions } from "./call.ts";
import type { Signal } from "./signal.ts";

export interface Peer {
  readonly connection: RTCPeerConnection;
  /** Takes what the other side signals, in order. */
  hear(signal: Signal): void;
  /** Shows something else to the other side. */
  show(track: MediaStreamTrack): Promise<void>;
}

/**
 * Connects to the other browser; `offers` says which of the two begins, and begins anew when the path
 * is lost. `send` carries a signal to it.
 */
export function connectPeer(
  { session, track, relayOnly, events }: CallOptions,
  offers: boolean,
  send: (signal: Signal) => void,
): Peer {
  const connection = new RTCPeerConnection({
    iceServers: [...session.ice.iceServers],
    iceTransportPolicy: transportPolicy(relayOnly),
    bundlePolicy: "max-bundle",
  });
  const sender = connection.addTrack(track, new MediaStream([track]));

  const describe = async (kind: "offer" | "answer") => {
    await connection.setLocalDescription();
    send({ kind, sdp: connection.localDescription?.sdp ?? "" });
  };
  const take = async (signal: Signal) => {
    if (signal.kind === "candidate") {
      const { kind: _, ...candidate } = signal;
      await connection.addIceCandidate(candidate);
    } else if (signal.kind !== "hello") {
      await connection.setRemoteDescription({ type: signal.kind, sdp: signal.sdp });
      if (signal.kind === "offer") await describe("answer");
    }
  };
  const orTell = (work: Promise<void>) =>
    work.catch((error: unknown) => {
      if (connection.signalingState !== "closed") events.status(`no direct call: ${String(error)}`);
    });

  connection.addEventListener("icecandidate", ({ candidate }) => {
    if (!candidate?.candidate) return;
    const { sdpMid, sdpMLineIndex } = candidate;
    send({ kind: "candidate", candidate: candidate.candidate, sdpMid, sdpMLineIndex });
  });
  connection.addEventListener("track", ({ track: theirs }) => {
    events.picture(new MediaStream([theirs]));
  });
  connection.addEventListener("connectionstatechange", () => {
    if (connection.connectionState === "connected") events.status("the other side is here");
    if (connection.connectionState !== "failed") return;
    events.status("no path to the other side; trying again");
    if (offers) connection.restartIce();
  });
  if (offers)
    connection.addEventListener("negotiationneeded", () => {
      void orTell(describe("offer"));
    });

  let heard = Promise.resolve();
  return {
    connection,
    hear: (signal) => {
      heard = heard.then(() => orTell(take(signal)));
    },
    show: (other) => sender.replaceTrack(other),
  };
}
