import { decodeBase62 } from "../turn/base62.ts";
import type { TurnCredential } from "../turn/engine.ts";
import { livekit } from "../turn/livekit.ts";
import type { ApiKeyPair } from "../turn/outputs.ts";
import type { Signature } from "./findings.ts";

/** The parts of a LiveKit TURN user name. */
export interface UserName {
  readonly key: string;
  readonly participant: string;
  /** Unix seconds. */
  readonly expiry: number;
}

/** Takes a LiveKit TURN user name apart; undefined when it is another server's. */
export function parseUserName(username: string): UserName | undefined {
  try {
    const text = Buffer.from(decodeBase62(username)).toString("utf8");
    const [, key, participant, expiry] = /^([^|]+)\|([^|]+)\|(\d+)$/.exec(text) ?? [];
    return key && participant ? { key, participant, expiry: Number(expiry) } : undefined;
  } catch {
    return undefined;
  }
}

/** What a credential was signed with, seen from the stack's TURN key; no server need be asked. */
export function credentialSignature(
  { username, credential }: TurnCredential,
  turnKey: ApiKeyPair | undefined,
): Signature {
  const name = parseUserName(username);
  if (!turnKey || !name) return undefined;
  if (name.key !== turnKey.key) return "other-key";
  const right = livekit.mint(turnKey, name.participant, name.expiry);
  return right.credential === credential ? "stack-key" : "other-secret";
}
