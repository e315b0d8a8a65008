import type { TurnCredential } from "../turn/engine.ts";
import type { AnyIceConfig } from "./api.ts";
import { errorCode, LegFailure, NotApplicable } from "./findings.ts";
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
  /** URLs that verify cannot try, each with the reason. */
  readonly untried: readonly { readonly url: string; readonly reason: string }[];
}

const OF_OTHERS = "it is of another of the API's sources: its provider's to prove";

/**
 * Sorts an ICE configuration's URLs; those of which `isOthers` says so are not to be tried. Throws a
 * `LegFailure` on a TURN URL without a credential, and on what is no ICE URL.
 */
export function advertised(
  { iceServers }: AnyIceConfig,
  isOthers: (url: string) => boolean = () => false,
): Advertised {
  const stun: IceUrl[] = [];
  const relays: AdvertisedRelay[] = [];
  const untried: { url: string; reason: string }[] = [];
  for (const { urls, username, credential } of iceServers)
    for (const text of urls) {
      const url = isOthers(text) ? new NotApplicable(OF_OTHERS) : parsed(text);
      if (url instanceof NotApplicable) untried.push({ url: text, reason: url.message });
      else if (!url.relays) stun.push(url);
      else if (username !== undefined && credential !== undefined)
        relays.push({ url, credential: { username, credential } });
      else unusable(`${text} comes without credential`);
    }
  return { stun, relays, untried };
}

function parsed(text: string): IceUrl | NotApplicable {
  try {
    return parseIceUrl(text);
  } catch (error) {
    return error instanceof NotApplicable ? error : unusable(errorCode(error));
  }
}

function unusable(problem: string): never {
  throw new LegFailure({ kind: "api-answer", problem });
}
