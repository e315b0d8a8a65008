/** What two browsers tell each other to connect. */
export type Signal =
  { readonly description: RTCSessionDescriptionInit } | { readonly candidate: RTCIceCandidateInit };

/** The application's own way from one browser to the other, in order. */
export interface Signalling {
  send(signal: Signal): void;
  listen(listener: (signal: Signal) => void): void;
}

/**
 * Negotiates whenever the connection asks for it, which an ICE restart does as well. Both sides may offer
 * at any time: of two offers that cross, the `polite` side drops its own (W3C WebRTC, "perfect
 * negotiation"). A path that failed is restarted.
 */
export function negotiate(
  connection: RTCPeerConnection,
  signalling: Signalling,
  polite: boolean,
): void {
  let offering = false;
  let ignoring = false;

  const offer = async () => {
    offering = true;
    try {
      await connection.setLocalDescription();
      tellDescription();
    } finally {
      offering = false;
    }
  };
  const tellDescription = () => {
    const description = connection.localDescription;
    if (description) signalling.send({ description: description.toJSON() });
  };
  const take = async (signal: Signal) => {
    if ("candidate" in signal) {
      // Those of an offer that was ignored belong to nothing.
      if (!ignoring) await connection.addIceCandidate(signal.candidate);
      return;
    }
    const { description } = signal;
    const crossed =
      description.type === "offer" && (offering || connection.signalingState !== "stable");
    ignoring = crossed && !polite;
    if (ignoring) return;
    await connection.setRemoteDescription(description);
    if (description.type !== "offer") return;
    await connection.setLocalDescription();
    tellDescription();
  };

  const orReport = (work: Promise<void>) =>
    work.catch((error: unknown) => {
      if (connection.signalingState !== "closed") reportError(error);
    });
  let taken = Promise.resolve();
  signalling.listen((signal) => {
    taken = taken.then(() => orReport(take(signal)));
  });
  connection.addEventListener("negotiationneeded", () => void orReport(offer()));
  connection.addEventListener("icecandidate", ({ candidate }) => {
    if (candidate) signalling.send({ candidate: candidate.toJSON() });
  });
  connection.addEventListener("connectionstatechange", () => {
    if (connection.connectionState === "failed") connection.restartIce();
  });
}
