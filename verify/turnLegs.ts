import { LOOPBACK } from "../turn/ports.ts";
import type { Advertised, AdvertisedRelay } from "./advertised.ts";
import { credentialSignature } from "./credentialSignature.ts";
import { settled } from "./deadline.ts";
import { type DirectPath, directPath } from "./directPath.ts";
import { exchange } from "./exchange.ts";
import { LegFailure, notApplicable } from "./findings.ts";
import type { IceUrl } from "./iceUrl.ts";
import { type Context, type Leg, LIMIT_MS, notTried, tryLeg } from "./leg.ts";
import { metadataRefused, refusalLegs } from "./refusalLegs.ts";
import { openRelay, type Relay, type RelayOptions } from "./relay.ts";
import { tamperLegs } from "./tamperLegs.ts";

/** The far end of every leg from relay to relay. */
interface Hub {
  readonly url: IceUrl;
  readonly relay: Promise<Relay>;
}

const carrier = ({ transport }: IceUrl) => transport.toUpperCase();

/**
 * The legs of every TURN URL, all URLs at once. At any moment one user holds at most one allocation
 * for each URL and one more, far below `turn.allocationsPerUser` (32 by default).
 */
export async function turnLegs(
  context: Context,
  { stun, relays }: Pick<Advertised, "stun" | "relays">,
): Promise<Leg[]> {
  const far = farRelay(relays);
  if (!far) return [];
  const options = ({ credential }: AdvertisedRelay): RelayOptions => ({
    ca: context.target.caCertificate,
    credential,
    signal: context.signal,
  });
  const hub = { url: far.url, relay: openRelay(far.url, options(far)) };
  hub.relay.catch(() => undefined); // whoever needs it awaits it, and says why it is missing
  const direct = directPath(context, { stun, relays });
  try {
    const legs = relays.flatMap((it) => [
      relayLegs(context, it.url, options(it), { hub, direct }),
      refusalLegs(context, it.url, options(it)),
    ]);
    const tampered = tamperLegs(context, far, { options: options(far), taken: hub.relay });
    return (await settled([...legs, tampered])).flat();
  } finally {
    await settled([
      direct.close(),
      hub.relay.then(
        ({ client }) => client.close(),
        () => undefined,
      ),
    ]);
  }
}

/** The relay that others talk to: over UDP if there is one, as most calls are. */
export const farRelay = (relays: readonly AdvertisedRelay[]): AdvertisedRelay | undefined =>
  relays.find(({ url }) => url.transport === "udp") ?? relays[0];

/** Allocates, and tries everything that one relay can show. */
async function relayLegs(
  context: Context,
  url: IceUrl,
  options: RelayOptions,
  { hub, direct }: { readonly hub: Hub; readonly direct: DirectPath },
): Promise<Leg[]> {
  const { leg: allocated, value: relay } = await tryLeg(
    context,
    { name: `allocate over ${carrier(url)}`, url: url.text },
    () =>
      openRelay(url, options).catch((error: unknown) => refusedCredential(error, context, options)),
  );
  const leg = async (
    name: string,
    work: (relay: Relay, signal: AbortSignal) => Promise<void>,
    limitMs = LIMIT_MS,
  ): Promise<Leg> => {
    const tried = await tryLeg(context, { name, url: url.text, limitMs }, async (signal) =>
      work(relay ?? notTried("the allocation failed"), signal),
    );
    return tried.leg;
  };
  try {
    const legs = await settled([
      leg(
        `${carrier(url)} relay to direct`,
        (it, signal) => direct.pass(it, { tag: `${context.runId}:direct:${url.text}`, signal }),
        LIMIT_MS + (direct.startMs ?? 0),
      ),
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

/** A refused credential says more once it is known what signed it. */
function refusedCredential(
  error: unknown,
  { target }: Context,
  { credential }: RelayOptions,
): never {
  const finding = error instanceof LegFailure ? error.finding : undefined;
  if (finding?.kind !== "refused" || ![400, 401].includes(finding.code)) throw error;
  const signature = credentialSignature(credential, target.stack?.turnKey);
  throw new LegFailure({ kind: "credential-refused", code: finding.code, signature });
}

/** To another relay and back, in ChannelData. */
async function toRelay(
  context: Context,
  relay: Relay,
  hub: Hub,
  signal: AbortSignal,
): Promise<void> {
  const { stack } = context.target;
  if (stack?.network === "bridge" && stack.nodeAddress !== LOOPBACK)
    notApplicable(
      "on a bridge Docker rewrites the source of what one relay sends to another, so that no permission fits",
    );
  const far = await hub.relay;
  await settled([relay.client.bindChannel(far.address), far.client.bindChannel(relay.address)]);
  await exchange({
    ends: [relay.client.endTowards(far.address), far.client.endTowards(relay.address)],
    names: [`${carrier(relay.url)} relay`, `${carrier(hub.url)} relay`],
    tag: `${context.runId}:relay:${relay.url.text}`,
    signal,
  });
}
