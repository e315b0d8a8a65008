import type { FastifyRequest } from "fastify";
import { isIP } from "node:net";
import * as z from "zod";
import { IceConfig } from "../../turn/iceConfig.ts";
import { RoomTokenResponse } from "../../turn/roomToken.ts";
import { ErrorBody, RequestError } from "../errors.ts";
import { perMinute } from "../perMinute.ts";
import { signRoomToken } from "../roomToken.ts";
import { signallingUrl } from "../signallingUrl.ts";
import { grantIce, type TurnDeps } from "../turnCredential.ts";
import type { ZodInstance } from "../zodInstance.ts";
import type { RoomDeps } from "./roomToken.ts";

/** What the demo page asks for: a room by the part of its name behind `demo-`. */
export const DemoJoinRequest = z.strictObject({
  room: z.string().regex(/^[\w-]{1,64}$/, "wanted are 1 to 64 letters, digits, - or _"),
});

/** Everything the demo page needs for one call. */
export const DemoJoin = z.object({
  /** The participant's identity, made up. */
  user: z.string(),
  livekit: RoomTokenResponse,
  ice: IceConfig,
});
export type DemoJoin = z.infer<typeof DemoJoin>;

/** How long a token lets join, and a credential allocate; what goes on by then goes on. */
const TTL_SECONDS = 600;
const JOINS_PER_MINUTE = 30;

/**
 * Another site's page could reach us by a name of its own that it points at this address (DNS
 * rebinding), and would then count as the same origin. So no name counts but those that are ours.
 */
function refuseOtherSites({ headers }: FastifyRequest, edgeUrl: string | undefined): void {
  // Not request.hostname: a page may write X-Forwarded-Host, but not Host.
  const hostname = headers.host?.replace(/:\d+$/, "") ?? "";
  const ours = edgeUrl === undefined ? ["localhost"] : ["localhost", new URL(edgeUrl).hostname];
  if (isIP(hostname) === 0 && !ours.includes(hostname))
    throw new RequestError(403, "open the demo page by the address that `npm run up` tells");
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin")
    throw new RequestError(403, "only the demo page itself may join here");
}

/**
 * `POST /demo/join`: lets anybody who reaches the page into a demo call. There is no sign-in, so it
 * gives no API token, which would open every room: only a token for a room whose name begins with
 * `demo-`, and ICE servers, each for a user of its own and 10 minutes, 30 times a minute in all.
 */
export function demoJoinRoute(app: ZodInstance, deps: TurnDeps & RoomDeps): void {
  const wait = perMinute(JOINS_PER_MINUTE);
  const schema = {
    body: DemoJoinRequest,
    response: { 200: DemoJoin, "4xx": ErrorBody, "5xx": ErrorBody },
  };
  app.post("/demo/join", { schema }, async (request, reply) => {
    void reply.header("cache-control", "no-store");
    refuseOtherSites(request, deps.edgeLivekitUrl);
    const seconds = wait(deps.now());
    if (seconds > 0)
      throw new RequestError(429, `too many joined in the last minute; try again in ${seconds} s`, {
        "retry-after": `${seconds}`,
      });
    const user = `demo-${deps.randomId()}`;
    const room = `demo-${request.body.room}`;
    const ttlSeconds = Math.min(TTL_SECONDS, deps.roomTokenTtlSeconds);
    const credentialTtlSeconds = Math.min(TTL_SECONDS, deps.credentialTtlSeconds);
    const granted = grantIce({ ...deps, credentialTtlSeconds }, user, request.log);
    const participant = { identity: user, room, ttlSeconds };
    const participant_token = await signRoomToken(deps.roomKey, participant, {});
    request.log.info(
      { audit: "room-token", user, identity: user, room, ttlSeconds },
      "signed a room token",
    );
    return {
      user,
      livekit: { server_url: signallingUrl(deps, request), participant_token },
      ice: { ...granted, expiresAt: granted.expiresAt.toISOString() },
    };
  });
}
