import type { FastifyBaseLogger } from "fastify";
import type { TurnEngine } from "../turn/engine.ts";
import type { IceServer } from "../turn/iceConfig.ts";
import type { ApiKeyPair } from "../turn/outputs.ts";
import { participantId } from "../turn/participantId.ts";

/** What credentials are made of. `iceUrls` are handed out in their order. */
export interface TurnDeps {
  readonly engine: TurnEngine;
  readonly turnKey: ApiKeyPair;
  readonly userIdKey: string;
  readonly iceUrls: readonly string[];
  readonly credentialTtlSeconds: number;
  readonly now: () => Date;
}

/** ICE servers for one user, good from now for `ttl` seconds, until `expiresAt`. */
export interface GrantedIce {
  readonly iceServers: IceServer[];
  readonly ttl: number;
  readonly expiresAt: Date;
}

const isStun = (url: string) => /^stuns?:/.test(url);

/** Mints one TURN credential for a user and writes the audit line that tells whose it is. */
export function grantIce(deps: TurnDeps, userId: string, log: FastifyBaseLogger): GrantedIce {
  const ttl = deps.credentialTtlSeconds;
  const expiry = Math.floor(deps.now().getTime() / 1000) + ttl;
  const expiresAt = new Date(expiry * 1000);
  const turnId = participantId(deps.userIdKey, userId);
  const credential = deps.engine.mint(deps.turnKey, turnId, expiry);
  log.info(
    { audit: "turn-credential", user: userId, turnId, expiresAt },
    "minted a TURN credential",
  );

  const stunUrls = deps.iceUrls.filter(isStun);
  const turnUrls = deps.iceUrls.filter((url) => !isStun(url));
  const iceServers = [{ urls: stunUrls }, { urls: turnUrls, ...credential }];
  return { iceServers: iceServers.filter(({ urls }) => urls.length > 0), ttl, expiresAt };
}
