/** Grants a user ICE servers, and writes the audit lines that tell whose credentials are whose. */
import type { FastifyBaseLogger } from "fastify";
import type { IceServer } from "../turn/iceConfig.ts";
import { participantId } from "../turn/participantId.ts";
import { RequestError } from "./errors.ts";
import { unixEnd } from "./iceSources/iceSource.ts";
import type { IceChain, SharedOutcome } from "./iceSources/share.ts";

/** What credentials are made of. `credentialTtlSeconds` is their life unless asked, and the most. */
export interface TurnDeps {
  readonly iceSources: IceChain;
  readonly userIdKey: string;
  readonly credentialTtlSeconds: number;
  /** Of the keys that credentials are made with. */
  readonly keyGeneration: number;
  readonly now: () => Date;
}

/** Who asks, and for how long. */
export interface IceAsked {
  readonly user: string;
  readonly ttlSeconds?: number | undefined;
}

/** ICE servers for one user, good from now for `ttl` seconds, until `expiresAt`. */
export interface GrantedIce {
  readonly iceServers: IceServer[];
  readonly ttl: number;
  readonly expiresAt: Date;
}

const RETRY_AFTER_SECONDS = 5;

const secondsBetween = (from: Date, to: Date) => Math.floor((to.getTime() - from.getTime()) / 1000);

/** The audit lines of one answer, and what else of it an operator wants to know. */
function writeLog(
  keyGeneration: number,
  who: { readonly user: string; readonly turnId: string },
  { served, failed, isShared }: SharedOutcome,
  now: Date,
  log: FastifyBaseLogger,
): void {
  const names = served.map(({ source }) => source);
  // A failure is told to each who meets it: their 503 has an id to be looked up by.
  if (isShared && served.length > 0) {
    log.info({ ...who, served: names }, "gave the ICE servers of a request just before");
    return;
  }
  const withCredential = served.filter((it) => it.iceServers.some(({ credential }) => credential));
  for (const { source, expiresAt } of withCredential) {
    const line = { audit: "turn-credential", ...who, source, keyGeneration, served: names };
    if (expiresAt)
      log.info(
        { ...line, ttl: secondsBetween(now, expiresAt), expiresAt },
        "minted a TURN credential",
      );
    else log.info(line, "gave a TURN credential without an end");
  }
  if (failed.length > 0) log.warn({ ...who, served: names, failed }, "ICE sources failed");
  else if (withCredential.length === 0)
    log.info({ ...who, served: names }, "gave ICE servers without a credential");
}

/**
 * ICE servers from all sources that serve, for `ttlSeconds` at most the deployment's life. They are good
 * until the first of their credentials ends; what has no end is good for the time asked. Rejects with a
 * 503 when no source served.
 */
export async function grantIce(
  deps: TurnDeps,
  { user, ttlSeconds = deps.credentialTtlSeconds }: IceAsked,
  log: FastifyBaseLogger,
): Promise<GrantedIce> {
  const turnId = participantId(deps.userIdKey, user);
  const request = {
    turnId,
    ttlSeconds: Math.min(ttlSeconds, deps.credentialTtlSeconds),
    now: deps.now(),
  };
  const outcome = await deps.iceSources.ask(request);
  const now = deps.now();
  writeLog(deps.keyGeneration, { user, turnId }, outcome, now, log);
  if (outcome.served.length === 0)
    throw new RequestError(
      503,
      `no ICE server is to be had at the moment - try again in ${RETRY_AFTER_SECONDS} s`,
      { "retry-after": String(RETRY_AFTER_SECONDS) },
    );
  const ends = outcome.served.flatMap((it) => it.expiresAt?.getTime() ?? []);
  const expiresAt = new Date(ends.length > 0 ? Math.min(...ends) : unixEnd(request) * 1000);
  return {
    iceServers: outcome.served.flatMap((it) => it.iceServers),
    ttl: secondsBetween(now, expiresAt),
    expiresAt,
  };
}
