import { livekit } from "../turn/livekit.ts";
import { row } from "../turn/ports.ts";
import type { AdvertisedRelay } from "./advertised.ts";
import { notApplicable } from "./findings.ts";
import { type Context, type Leg, tryLeg } from "./leg.ts";
import { FIRST_WITH_QUOTA, isSince } from "./livekitVersion.ts";
import { mustFail } from "./refusal.ts";
import { openRelay, type Relay, type RelayOptions, tryRelay } from "./relay.ts";

/** A larger quota would take long, and relay ports that calls need. */
const MOST_ALLOCATIONS = 64;
const EXPIRY_SECONDS = 60;

/**
 * Takes as many allocations as one user may have, and one more, which must be refused. The user is
 * made for the purpose, so that nobody's quota is touched.
 */
export async function quotaLeg(context: Context, { url }: AdvertisedRelay): Promise<Leg> {
  const plan = { name: "one allocation above the quota is refused", url: url.text };
  const { leg } = await tryLeg(context, plan, async (signal) => {
    const { turnKey, limit } = quotaOf(context);
    const expiry = Math.floor(context.now().getTime() / 1000) + EXPIRY_SECONDS;
    const options: RelayOptions = {
      ca: context.target.caCertificate,
      credential: livekit.mint(turnKey, `quota-${context.runId}`, expiry),
      signal,
    };
    const opened = await Promise.allSettled(
      Array.from({ length: limit }, () => openRelay(url, options)),
    );
    try {
      for (const it of opened) if (it.status === "rejected") throw it.reason;
      await mustFail("above-quota", () => tryRelay(url, options));
    } finally {
      const relays = opened.flatMap((it): Relay[] => (it.status === "fulfilled" ? [it.value] : []));
      await Promise.all(relays.map(({ client }) => client.close()));
    }
  });
  return leg;
}

/** The quota and the key to make a user with; ends the leg where it would prove nothing. */
function quotaOf({ target: { stack, livekitVersion } }: Context) {
  const {
    allocationsPerUser: limit,
    turnKey,
    ports,
  } = stack ?? notApplicable("it needs a user of its own, which only the stack's TURN key makes");
  if (isSince(FIRST_WITH_QUOTA, livekitVersion) === false)
    return notApplicable(
      `LiveKit ${livekitVersion} has no quota; ${FIRST_WITH_QUOTA} is the first`,
    );
  if (limit === undefined) return notApplicable("the stack names no quota");
  if (limit > MOST_ALLOCATIONS)
    return notApplicable(`the quota is ${limit}; verify takes at most ${MOST_ALLOCATIONS} relays`);
  const relay = row(ports, "relay");
  const relayPorts = relay.to - relay.from + 1;
  if (limit >= relayPorts)
    return notApplicable(`the quota is ${limit}, but there are only ${relayPorts} relay ports`);
  return { turnKey, limit };
}
