import { sleep } from "./deadline.ts";
import type { DirectPeer } from "./directPeer.ts";
import type { End } from "./exchange.ts";
import type { Relay } from "./relay.ts";

const INTERVAL_MS = 50;
const MOST = 20;
const KNOCK = Buffer.from("turnkey verify opens the way");

/**
 * Lets the peer send first, until the relay hears it: a NAT, or Docker's publishing of ports, lets in
 * only what answers something sent before. Gives the relay's end, which hears no more of the knocks.
 */
export async function knock(relay: Relay, peer: DirectPeer, signal: AbortSignal): Promise<End> {
  const end = relay.client.endTowards(peer.address);
  const far = peer.endTowards(relay.address);
  const heard: Buffer[] = [];
  end.listen((data) => void heard.push(data));
  for (let count = 0; heard.length === 0 && count < MOST; count += 1) {
    far.send(KNOCK);
    await sleep(INTERVAL_MS, signal);
  }
  return {
    ...end,
    listen: (listener) => end.listen((data) => void (data.equals(KNOCK) || listener(data))),
  };
}
