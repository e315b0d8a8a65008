/** A connection for the rules of `keepFresh`: a browser's states and events, as a test sets them. */
import type { IceServer } from "../../client/ice/index.ts";
import type { PeerConnection } from "../../client/ice/peerConnection.ts";

export class TestConnection extends EventTarget implements PeerConnection {
  signalingState = "stable";
  connectionState = "new";
  localDescription: { readonly sdp: string } | null = null;
  restarts = 0;
  /** The kind of the local candidate in use. */
  path: "host" | "srflx" | "relay" = "relay";
  #configuration: { iceServers: IceServer[]; iceTransportPolicy: string };
  #gatherings = 0;

  constructor(iceServers: IceServer[]) {
    super();
    this.#configuration = { iceServers, iceTransportPolicy: "relay" };
  }

  /** As Blink tells it: entries without a credential have empty ones. */
  getConfiguration() {
    const iceServers = this.#configuration.iceServers.map((it) => ({
      ...it,
      username: it.username ?? "",
      credential: it.credential ?? "",
    }));
    return { ...this.#configuration, iceServers };
  }

  /** Who the credential it has is for. */
  get user() {
    return this.#configuration.iceServers.find(({ username }) => username)?.username;
  }

  setConfiguration(configuration: { iceServers: IceServer[]; iceTransportPolicy?: string }) {
    if (this.signalingState === "closed") throw new Error("InvalidStateError");
    this.#configuration = { iceTransportPolicy: "all", ...configuration };
  }

  restartIce() {
    this.restarts += 1;
  }

  async getStats() {
    return new Map<string, unknown>([
      ["T", { id: "T", type: "transport", selectedCandidatePairId: "P" }],
      ["P", { id: "P", type: "candidate-pair", localCandidateId: "L", remoteCandidateId: "R" }],
      ["L", { id: "L", type: "local-candidate", candidateType: this.path }],
      ["R", { id: "R", type: "remote-candidate", candidateType: "relay" }],
    ]);
  }

  /** A negotiation with new ICE credentials, whichever side began it. */
  gather() {
    this.localDescription = { sdp: `v=0\r\na=ice-ufrag:u${(this.#gatherings += 1)}\r\n` };
    this.dispatchEvent(new Event("signalingstatechange"));
    this.connectTo("connected");
  }

  connectTo(state: string) {
    this.connectionState = state;
    this.dispatchEvent(new Event("connectionstatechange"));
  }

  /** As browsers do it, without an event. */
  close() {
    this.signalingState = "closed";
  }
}
