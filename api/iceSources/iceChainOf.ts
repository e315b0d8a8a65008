/** Builds the chain of ICE sources that the settings list. */
import type { IceSources, IceSourceSettings } from "../../turn/iceSources.ts";
import type { Fetch } from "./askJson.ts";
import { withBreaker } from "./breaker.ts";
import { inOrder } from "./chain.ts";
import { cloudflareSource } from "./cloudflare.ts";
import type { IceSource } from "./iceSource.ts";
import { livekitSource, type OwnTurn } from "./livekit.ts";
import { meteredSource } from "./metered.ts";
import { publicStunSource } from "./publicStun.ts";
import { type IceChain, shared } from "./share.ts";
import { sharedSecretSource } from "./sharedSecret.ts";
import { staticListSource } from "./staticList.ts";
import { twilioSource } from "./twilio.ts";
import { xirsysSource } from "./xirsys.ts";

/** What sources are built with, besides their settings. */
export interface ChainParts {
  readonly ownTurn: OwnTurn;
  readonly fetch: Fetch;
}

function askOf(settings: IceSourceSettings, { ownTurn, fetch }: ChainParts): IceSource["ask"] {
  switch (settings.kind) {
    case "livekit":
      return livekitSource(ownTurn);
    case "shared-secret":
      return sharedSecretSource(settings);
    case "static":
      return staticListSource(settings);
    case "stun":
      return publicStunSource(settings);
    case "cloudflare":
      return withBreaker(cloudflareSource(settings, fetch), settings.timeoutMs);
    case "twilio":
      return withBreaker(twilioSource(settings, fetch), settings.timeoutMs);
    case "metered":
      return withBreaker(meteredSource(settings, fetch), settings.timeoutMs);
    case "xirsys":
    default:
      return withBreaker(xirsysSource(settings, fetch), settings.timeoutMs);
  }
}

/** `static` and `static-2`: the kind, numbered from the second on. */
const nameOf = (sources: IceSources, index: number, kind: IceSourceSettings["kind"]): string => {
  const before = sources.slice(0, index).filter((it) => it.kind === kind).length;
  return before === 0 ? kind : `${kind}-${before + 1}`;
};

/** The chain that the settings list. */
export const iceChainOf = (sources: IceSources, parts: ChainParts): IceChain =>
  shared(
    inOrder(
      sources.map((settings, index) => ({
        name: nameOf(sources, index, settings.kind),
        isFallback: settings.fallback,
        ask: askOf(settings, parts),
      })),
    ),
  );
