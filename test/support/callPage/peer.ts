/** A connection to the page of the other side, which the test carries signals to. */
import type { Session } from "../../../client/pages/session.ts";
import { generatedTracks, play } from "./media.ts";
import type { PeerWish, Relay, Signal } from "./messages.ts";

export interface Peer {
  readonly connection: RTCPeerConnection;
  readonly channel: RTCDataChannel | undefined;
  /** Takes what the other side signals, in order. */
  hear(signal: Signal): Promise<void>;
  /** Makes an offer; one that is not the first restarts ICE. */
  offer(): Promise<void>;
}

/** Both sides open the same channel by its number, so neither waits for the other's. */
const CHANNEL = { negotiated: true, id: 1 };

export const transportPolicy = (relay: Relay): RTCIceTransportPolicy =>
  relay === "only" ? "relay" : "all";

export function openPeer(
  { iceServers }: Session["ice"],
  { call, relay, bundlePolicy, media, data }: PeerWish,
  send: (signal: Signal) => Promise<void>,
): Peer {
  const connection = new RTCPeerConnection({
    // Those of a relay want a user's name.
    iceServers: iceServers.filter(({ username }) => relay !== "none" || username === undefined),
    iceTransportPolicy: transportPolicy(relay),
    bundlePolicy,
  });
  const channel = data ? connection.createDataChannel("test", CHANNEL) : undefined;
  if (channel) channel.binaryType = "arraybuffer";
  if (media) for (const track of generatedTracks()) connection.addTrack(track);
  connection.addEventListener("track", ({ track }) => play(track));
  connection.addEventListener("icecandidate", ({ candidate: found }) => {
    if (!found?.candidate) return;
    const { candidate, sdpMid, sdpMLineIndex } = found;
    void send({ call, candidate: { candidate, sdpMid, sdpMLineIndex } });
  });

  const describe = async (type: "offer" | "answer") => {
    await connection.setLocalDescription();
    await send({ call, description: { type, sdp: connection.localDescription?.sdp ?? "" } });
  };
  const take = async ({ call: of, description, candidate }: Signal) => {
    if (of !== call) return;
    if (candidate) await connection.addIceCandidate(candidate);
    if (description) await connection.setRemoteDescription(description);
    if (description?.type === "offer") await describe("answer");
  };
  let heard = Promise.resolve();
  return {
    connection,
    channel,
    hear: (signal) => (heard = heard.then(() => take(signal))),
    offer: async () => {
      if (connection.remoteDescription) connection.restartIce();
      await describe("offer");
    },
  };
}
