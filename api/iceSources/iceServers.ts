import type { TurnCredential } from "../../turn/engine.ts";
import type { IceServer } from "../../turn/iceConfig.ts";
import { isStunUrl, isTurnUrl } from "../../turn/iceUrlSyntax.ts";

/**
 * The entries for some URLs: STUN alone, TURN with its credential, each in their order. Without a
 * credential there is no TURN, since browsers throw at it.
 */
export const iceServersOf = (
  urls: readonly string[],
  credential: TurnCredential | undefined,
): IceServer[] =>
  [
    { urls: urls.filter(isStunUrl) },
    { urls: credential ? urls.filter(isTurnUrl) : [], ...credential },
  ].filter((it) => it.urls.length > 0);

/** Whether one of the servers opens a relay. */
export const haveRelay = (servers: readonly IceServer[]): boolean =>
  servers.some(({ urls }) => urls.some(isTurnUrl));
