import type { IceSourceOfKind } from "../../turn/iceSources.ts";
import { iceServersOf } from "./iceServers.ts";
import type { IceGrant } from "./iceSource.ts";

/** STUN servers that the operator listed; nobody else's are ever given. */
export function publicStunSource({ urls }: IceSourceOfKind<"stun">): () => IceGrant {
  const grant = { iceServers: iceServersOf(urls, undefined) };
  return () => grant;
}
