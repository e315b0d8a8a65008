import { createHmac } from "node:crypto";
import type { TurnCredential } from "../../turn/engine.ts";
import type { IceSourceOfKind } from "../../turn/iceSources.ts";
import { iceServersOf } from "./iceServers.ts";
import { type IceGrant, type IceRequest, unixEnd } from "./iceSource.ts";

/**
 * The credential of draft-uberti-behave-turn-rest-00 section 2.2, as coturn's `use-auth-secret` checks
 * it: the user name is `expiry:id`, the password the base64 of its HMAC-SHA1. `expiresAt` is Unix time.
 */
export function mintSharedSecret(secret: string, id: string, expiresAt: number): TurnCredential {
  const username = `${expiresAt}:${id}`;
  return { username, credential: createHmac("sha1", secret).update(username).digest("base64") };
}

/** A TURN server that shares a secret with the API. */
export const sharedSecretSource =
  ({ urls, secret }: IceSourceOfKind<"shared-secret">) =>
  (request: IceRequest): IceGrant => {
    const end = unixEnd(request);
    return {
      iceServers: iceServersOf(urls, mintSharedSecret(secret, request.turnId, end)),
      expiresAt: new Date(end * 1000),
    };
  };
