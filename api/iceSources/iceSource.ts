/** What an ICE source is asked and what it gives. */
import type { IceServer } from "../../turn/iceConfig.ts";

/** For whom servers are wanted, and how long. Sources learn the TURN id, never the user id. */
export interface IceRequest {
  readonly turnId: string;
  readonly ttlSeconds: number;
  readonly now: Date;
}

/** The servers of one source. `expiresAt` is there when a credential was minted, and is its end. */
export interface IceGrant {
  readonly iceServers: readonly IceServer[];
  readonly expiresAt?: Date;
}

/** Asks a source; rejects with `SourceError`. The signal ends the asking. */
export type AskSource = (request: IceRequest, signal: AbortSignal) => Promise<IceGrant>;

/** One source of the chain, under the name that logs give it. */
export interface IceSource {
  readonly name: string;
  readonly isFallback: boolean;
  ask(request: IceRequest): Promise<IceGrant> | IceGrant;
}

/** Why a source served nothing. The text goes to the log: it holds no secret, and there is no cause. */
export class SourceError extends Error {
  override readonly name = "SourceError";
  /** Whether the life that this one user asked for may be the cause, and the source be well. */
  readonly ofRequest: boolean;

  constructor(message: string, { ofRequest = false } = {}) {
    super(message);
    this.ofRequest = ofRequest;
  }
}

/** The end of a credential minted here: whole seconds, as TURN user names hold them, never too early. */
export const unixEnd = ({ now, ttlSeconds }: IceRequest): number =>
  Math.ceil(now.getTime() / 1000) + ttlSeconds;
