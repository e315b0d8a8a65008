/** A steady stream of packets from a direct peer through a relay, and how much of it arrived. */
import { setTimeout as sleep } from "node:timers/promises";
import { bindDirectPeer, peerPorts, type DirectPeer } from "../../verify/directPeer.ts";
import { parseIceUrl } from "../../verify/iceUrl.ts";
import { openRelay, type Relay } from "../../verify/relay.ts";
import { livekit } from "../../turn/livekit.ts";
import type { StackOutputs } from "../../turn/outputs.ts";

/** A credential for an hour, as the API mints them. */
export const credentialOf = ({ turnKey }: StackOutputs, participant = "a-test") =>
  livekit.mint(turnKey, participant, Math.floor(Date.now() / 1000) + 3_600);

const GAP_MS = 20;
const ENOUGH_MS = 300;

export interface Counted {
  readonly sent: number;
  readonly received: number;
}

/** Stopping it tells what was sent since the start, and what came through. */
export interface RelayStream {
  readonly relay: Relay;
  stop(): Promise<Counted>;
}

/** Allocates on the URL and lets 50 packets a second flow from relay to peer until it is stopped. */
export async function streamThrough(
  url: string,
  outputs: StackOutputs,
  credential = credentialOf(outputs),
): Promise<RelayStream> {
  const end = new AbortController();
  const { signal } = end;
  const { nodeAddress, ports, caCertificate: ca } = outputs;
  const relay = await openRelay(parseIceUrl(url), { ca, credential, signal });
  const peer: DirectPeer = await bindDirectPeer(nodeAddress, peerPorts(ports), signal);
  await relay.client.permit(peer.address);
  let received = 0;
  let sent = 0;
  peer.endTowards(relay.address).listen(() => (received += 1));
  const from = relay.client.endTowards(peer.address);
  const ticking = setInterval(() => {
    from.send(Buffer.alloc(900, sent));
    sent += 1;
  }, GAP_MS);
  return {
    relay,
    stop: async () => {
      clearInterval(ticking);
      await sleep(ENOUGH_MS); // for those under way
      const counted = { sent, received };
      await Promise.all([relay.client.close(), peer.close()]);
      end.abort();
      return counted;
    },
  };
}
