/** TURN credentials for the generator's users. */
import { createHmac } from "node:crypto";
import { livekit } from "../../turn/livekit.ts";
import { participantId } from "../../turn/participantId.ts";

/** Allocations are spread over them, so that no limit for one user is met. */
const USERS = 1_000;

/** A TURN user. */
export interface Credential {
  readonly username: string;
  readonly credential: string;
}

/** By the kind of server: LiveKit's own, and coturn's by draft-uberti-behave-turn-rest. */
export function credentials(
  kind: "livekit" | "coturn",
  { key, secret, ttlSeconds }: { key: string; secret: string; ttlSeconds: number },
): readonly Credential[] {
  const expiry = Math.floor(Date.now() / 1000) + ttlSeconds;
  return Array.from({ length: USERS }, (_, index) => {
    const user = participantId(secret, `user-${index}`);
    if (kind === "livekit") return livekit.mint({ key, secret }, user, expiry);
    const username = `${expiry}:${user}`;
    return {
      username,
      credential: createHmac("sha1", secret).update(username).digest("base64"),
    };
  });
}
