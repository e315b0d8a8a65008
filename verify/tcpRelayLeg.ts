import type { AdvertisedRelay } from "./advertised.ts";
import { LegFailure, notApplicable } from "./findings.ts";
import { type Context, type Leg, tryLeg } from "./leg.ts";
import { FIRST_WITH_RELAY_POLICY, isSince } from "./livekitVersion.ts";
import { mustFail } from "./refusal.ts";
import { tryRelay } from "./relay.ts";

/**
 * Asks for a relay that opens TCP connections (RFC 6062). LiveKit refuses since 1.13.10; an older one
 * cannot be told to, which is said and is no failure.
 */
export async function tcpRelayLeg(
  context: Context,
  { url, credential }: AdvertisedRelay,
): Promise<Leg> {
  const { leg } = await tryLeg(
    context,
    { name: "TCP relays are refused", url: url.text },
    async (signal) => {
      if (url.transport === "udp")
        notApplicable("no advertised TURN URL is over TCP or TLS, as such relays ask for");
      const options = { ca: context.target.caCertificate, credential, signal };
      await tryRelay(url, options); // else the refusal might be one of the credential
      await mustFail("tcp-relay", () => tryRelay(url, options, "tcp")).catch((error: unknown) =>
        granted(error, context.target.livekitVersion),
      );
    },
  );
  return leg;
}

function granted(error: unknown, version: string | undefined): never {
  if (!(error instanceof LegFailure) || error.finding.kind !== "allowed") throw error;
  const since = isSince(FIRST_WITH_RELAY_POLICY, version);
  if (since) throw error;
  const who = version === undefined ? "this server" : `LiveKit ${version}`;
  return notApplicable(
    `warning: ${who} granted one and has no setting against it: users may open TCP connections to every peer that the relay may reach; LiveKit refuses since ${FIRST_WITH_RELAY_POLICY}`,
  );
}
