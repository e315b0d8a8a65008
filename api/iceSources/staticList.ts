import type { IceSourceOfKind } from "../../turn/iceSources.ts";
import { iceServersOf } from "./iceServers.ts";
import type { IceGrant } from "./iceSource.ts";

/** Servers whose name and password the settings hold: the same for every user, without an end. */
export function staticListSource({ iceServers }: IceSourceOfKind<"static">): () => IceGrant {
  const grant = {
    iceServers: iceServers.flatMap(({ urls, username, credential }) =>
      iceServersOf(
        urls,
        username !== undefined && credential !== undefined ? { username, credential } : undefined,
      ),
    ),
  };
  return () => grant;
}
