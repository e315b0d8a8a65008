/** What one of our own pages gets to call with. */
import type { FastifyRequest } from "fastify";
import * as z from "zod";
import { IceConfig } from "../turn/iceConfig.ts";
import type { RoomGrants } from "../turn/roomGrants.ts";
import { RoomTokenResponse } from "../turn/roomToken.ts";
import { signRoomToken } from "./roomToken.ts";
import type { RoomDeps } from "./routes/roomToken.ts";
import { signallingUrl } from "./signallingUrl.ts";
import { grantIce, type TurnDeps } from "./turnCredential.ts";

export const PageSession = z.object({
  /** Whose session it is; made up where nobody signs in. */
  user: z.string(),
  livekit: RoomTokenResponse,
  ice: IceConfig,
});
export type PageSession = z.infer<typeof PageSession>;

/** How long a token lets join, and a credential allocate, at most; what goes on by then goes on. */
const TTL_SECONDS = 600;

/** Who is let into which room, and what they may do there. */
export interface PageGuest {
  readonly user: string;
  readonly identity: string;
  readonly room: string;
  readonly grants: RoomGrants;
}

/** Signs a token for one room and gives ICE servers, with an audit line for each. */
export async function openPageSession(
  deps: TurnDeps & RoomDeps,
  request: FastifyRequest,
  { user, ...guest }: PageGuest,
): Promise<PageSession> {
  const granted = await grantIce(deps, { user, ttlSeconds: TTL_SECONDS }, request.log);
  const ttlSeconds = Math.min(TTL_SECONDS, deps.roomTokenTtlSeconds);
  const participant_token = await signRoomToken(deps.roomKey, { ...guest, ttlSeconds }, {});
  const { identity, room } = guest;
  request.log.info(
    { audit: "room-token", user, identity, room, ttlSeconds },
    "signed a room token",
  );
  return {
    user,
    livekit: { server_url: signallingUrl(deps, request), participant_token },
    ice: { ...granted, expiresAt: granted.expiresAt.toISOString() },
  };
}
