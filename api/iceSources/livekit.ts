import type { TurnEngine } from "../../turn/engine.ts";
import type { ApiKeyPair } from "../../turn/outputs.ts";
import { iceServersOf } from "./iceServers.ts";
import { type IceGrant, type IceRequest, unixEnd } from "./iceSource.ts";

/** The stack's own TURN server. `iceUrls` are handed out in their order. */
export interface OwnTurn {
  readonly engine: TurnEngine;
  readonly turnKey: ApiKeyPair;
  readonly iceUrls: readonly string[];
}

/** The stack's own TURN server: its engine mints. */
export const livekitSource =
  ({ engine, turnKey, iceUrls }: OwnTurn) =>
  (request: IceRequest): IceGrant => {
    const end = unixEnd(request);
    return {
      iceServers: iceServersOf(iceUrls, engine.mint(turnKey, request.turnId, end)),
      expiresAt: new Date(end * 1000),
    };
  };
