import { pathOf } from "../pages/path.ts";
import type { IceServer } from "../pages/session.ts";
import { sendFile } from "./file.ts";
import type { RelayProof } from "./measured.ts";
import { sendProbes } from "./probes.ts";
import { comesTrue, StageFailed } from "./waiting.ts";

/** Time to meet: browsers try the relays' addresses on each other one after the other. */
const MEET_MS = 20_000;

interface Pair {
  readonly one: RTCPeerConnection;
  readonly two: RTCPeerConnection;
}

/** Hands the candidates of one side to the other, after its description. */
function trickle(from: RTCPeerConnection, to: RTCPeerConnection): void {
  from.addEventListener("icecandidate", ({ candidate }) => {
    // What comes as the page closes both is of no use any more.
    if (candidate) void to.addIceCandidate(candidate).catch(() => undefined);
  });
}

async function introduce({ one, two }: Pair): Promise<void> {
  const offer = await one.createOffer();
  await two.setRemoteDescription(offer);
  trickle(one, two);
  trickle(two, one);
  await one.setLocalDescription(offer);
  await two.setLocalDescription();
  if (two.localDescription) await one.setRemoteDescription(two.localDescription);
}

/** Both ends of a channel that both sides agree on without asking. */
function channel({ one, two }: Pair, label: string, options: RTCDataChannelInit) {
  const agreed = { ...options, negotiated: true };
  const ends = {
    from: one.createDataChannel(label, agreed),
    to: two.createDataChannel(label, agreed),
  };
  ends.to.binaryType = "arraybuffer";
  return ends;
}

/**
 * Lets two connections of this page meet over the relay alone, and sends small packets and then a file
 * from one to the other: from here to the relay and back. Throws `StageFailed`.
 */
export async function proveRelay(
  iceServers: readonly IceServer[],
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<RelayProof> {
  const configuration: RTCConfiguration = {
    iceServers: [...iceServers],
    iceTransportPolicy: "relay",
  };
  const pair = {
    one: new RTCPeerConnection(configuration),
    two: new RTCPeerConnection(configuration),
  };
  try {
    const probing = channel(pair, "probes", { id: 0, ordered: false, maxRetransmits: 0 });
    const filing = channel(pair, "file", { id: 1 });
    const began = performance.now();
    await introduce(pair);
    for (const it of [probing.from, probing.to, filing.from, filing.to])
      // oxlint-disable-next-line no-await-in-loop -- all share one limit
      if (!(await comesTrue(it, ["open"], () => isOpen(it), left(began, signal))))
        throw new StageFailed("meeting over the relay", "no packet came from relay to relay");
    const connectedMs = performance.now() - began;
    const probes = await sendProbes(probing, signal);
    const transfer = await sendFile(filing, signal, progress);
    const path = pathOf((await pair.one.getStats()).values());
    return { connectedMs, path, probes, transfer };
  } finally {
    pair.one.close();
    pair.two.close();
  }
}

const isOpen = (it: RTCDataChannel) => it.readyState === "open";
const left = (began: number, signal: AbortSignal) => ({
  withinMs: Math.max(0, MEET_MS - (performance.now() - began)),
  signal,
});
