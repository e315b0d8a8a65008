import type { ApiKeyPair } from "./outputs.ts";

/** The two members of an ICE server entry that open a relay. */
export interface TurnCredential {
  readonly username: string;
  readonly credential: string;
}

/** What a TURN server wants of those who hand out credentials for it. One file for each engine. */
export interface TurnEngine {
  /** Makes a credential that the server accepts until `expiresAt` (Unix seconds). */
  mint(key: ApiKeyPair, participantId: string, expiresAt: number): TurnCredential;
}
