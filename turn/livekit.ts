import { createHash } from "node:crypto";
import { encodeBase62 } from "./base62.ts";
import type { TurnEngine } from "./engine.ts";

const SEPARATOR = "|";

/**
 * LiveKit's embedded TURN server (livekit/livekit, pkg/service/turn.go; three parts since v1.12):
 * the user name is base62 of key, participant id and expiry, the password base62 of the SHA-256 of
 * secret, participant id and expiry, each joined by bars. Any key of the server works, and no
 * participant of that id need exist. The expiry is checked when a relay is allocated, not later.
 */
export const livekit: TurnEngine = {
  mint({ key, secret }, participantId, expiresAt) {
    for (const part of [key, participantId])
      if (part.includes(SEPARATOR))
        throw new Error(`"${part}" holds a "|", which separates the parts of a LiveKit user name`);
    const joined = (first: string) => [first, participantId, expiresAt].join(SEPARATOR);
    return {
      username: encodeBase62(Buffer.from(joined(key))),
      credential: encodeBase62(createHash("sha256").update(joined(secret)).digest()),
    };
  },
};
