import type { AdvertisedRelay } from "./advertised.ts";
import { settled } from "./deadline.ts";
import { bindDirectPeer, peerPorts } from "./directPeer.ts";
import { exchange } from "./exchange.ts";
import type { IceUrl } from "./iceUrl.ts";
import { type Context, type Leg, notTried, tryLeg } from "./leg.ts";
import { metadataRefused, refusalLegs } from "./refusalLegs.ts";
import { openRelay, type Relay, type RelayOptions } from "./relay.ts";

/** The far end of every leg from relay to relay. */
interface Hub {
  readonly url: IceUrl;
  readonly relay: Promise<Relay>;
}

const carrier = ({ transport }: IceUrl) => transport.toUpperCase();

/**
 * The legs of every TURN URL, all URLs at once. At any moment one user holds at most one allocation
 * for each URL and one more; LiveKit's quota is twelve.
 */
export async function turnLegs(
  context: Context,
  relays: readonly AdvertisedRelay[],
): Promise<Leg[]> {
  const far = relays.find(({ url }) => url.transport === "udp") ?? relays[0];
  if (!far) return [];
  const options = ({ credential }: AdvertisedRelay): RelayOptions => ({
    ca: context.target.caCertificate,
    credential,
    signal: context.signal,
  });
  const hub = { url: far.url, relay: openRelay(far.url, options(far)) };
  hub.relay.catch(() => undefined); // whoever needs it awaits it, and says why it is missing
  try {
    const legs = relays.flatMap((it) => [
      relayLegs(context, it.url, options(it), hub),
      refusalLegs(context, it.url, options(it)),
    ]);
    return (await settled(legs)).flat();
  } finally {
    await hub.relay.then(
      ({ client }) => client.close(),
      () => undefined,
    );
  }
}

/** Allocates, and tries everything that one relay can show. */
async function relayLegs(
  context: Context,
  url: IceUrl,
  options: RelayOptions,
  hub: Hub,
): Promise<Leg[]> {
  const { leg: allocated, value: relay } = await tryLeg(
    context,
    { name: `allocate over ${carrier(url)}`, url: url.text },
    () => openRelay(url, options),
  );
  const leg = async (
    name: string,
    work: (relay: Relay, signal: AbortSignal) => Promise<void>,
  ): Promise<Leg> => {
    const tried = await tryLeg(context, { name, url: url.text }, async (signal) =>
      work(relay ?? notTried("the allocation failed"), signal),
    );
    return tried.leg;
  };
  try {
    const legs = await settled([
      leg(`${carrier(url)} relay to direct`, (it, signal) => toDirect(context, it, signal)),
      leg(`${carrier(url)} relay to ${carrier(hub.url)} relay`, (it, signal) =>
        toRelay(context, it, hub, signal),
      ),
      leg("cloud metadata is refused", ({ client }) => metadataRefused(client)),
    ]);
    return [allocated, ...legs];
  } finally {
    await relay?.client.close();
  }
}

/** To a peer without a relay and back, in Send and Data indications. */
async function toDirect(context: Context, relay: Relay, signal: AbortSignal): Promise<void> {
  const { nodeAddress, ports } = context.target;
  const peer = await bindDirectPeer(nodeAddress, peerPorts(ports), signal);
  try {
    await relay.client.permit(peer.address);
    await exchange({
      ends: [relay.client.endTowards(peer.address), peer.endTowards(relay.address)],
      names: ["relay", "direct peer"],
      tag: `${context.runId}:direct:${relay.url.text}`,
      signal,
    });
  } finally {
    await peer.close();
  }
}

/** To another relay and back, in ChannelData. */
async function toRelay(
  context: Context,
  relay: Relay,
  hub: Hub,
  signal: AbortSignal,
): Promise<void> {
  const far = await hub.relay;
  await settled([relay.client.bindChannel(far.address), far.client.bindChannel(relay.address)]);
  await exchange({
    ends: [relay.client.endTowards(far.address), far.client.endTowards(relay.address)],
    names: [`${carrier(relay.url)} relay`, `${carrier(hub.url)} relay`],
    tag: `${context.runId}:relay:${relay.url.text}`,
    signal,
  });
}
