import type { TurnCredential } from "../turn/engine.ts";
import type { IceConfig } from "../turn/iceConfig.ts";
import { LegFailure } from "./findings.ts";
import { type IceUrl, parseIceUrl } from "./iceUrl.ts";

/** A TURN URL with the credential that came with it. */
export interface AdvertisedRelay {
  readonly url: IceUrl;
  readonly credential: TurnCredential;
}

/** What an ICE configuration offers, in its order. */
export interface Advertised {
  readonly stun: readonly IceUrl[];
  readonly relays: readonly AdvertisedRelay[];
}

/** Sorts an ICE configuration's URLs. Throws a `LegFailure` on a TURN URL without a credential. */
export function advertised({ iceServers }: IceConfig): Advertised {
  const stun: IceUrl[] = [];
  const relays: AdvertisedRelay[] = [];
  for (const { urls, username, credential } of iceServers)
    for (const url of urls.map(parseIceUrl)) {
      if (!url.relays) stun.push(url);
      else if (username !== undefined && credential !== undefined)
        relays.push({ url, credential: { username, credential } });
      else
        throw new LegFailure({
          kind: "api-answer",
          problem: `${url.text} comes without credential`,
        });
    }
  return { stun, relays };
}
