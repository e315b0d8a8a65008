import type { ApiKeyPair } from "../../turn/outputs.ts";
import type { RoomGrants } from "../../turn/roomGrants.ts";
import { RoomTokenResponse } from "../../turn/roomToken.ts";
import { ErrorBody, RequestError } from "../errors.ts";
import { participantIdentity } from "../participantIdentity.ts";
import { LiveKitName, RoomTokenRequest, signRoomToken } from "../roomToken.ts";
import { userOf } from "../signIn.ts";
import { signallingUrl, type SignallingUrls } from "../signallingUrl.ts";
import { grantsFor, refuseBeyond } from "../tokenGrants.ts";
import type { ZodInstance } from "../zodInstance.ts";

/** What room tokens are made of. */
export interface RoomDeps extends SignallingUrls {
  readonly roomKey: ApiKeyPair;
  readonly roomTokenTtlSeconds: number;
  /** What tokens grant at most. */
  readonly grants: RoomGrants;
  /** A new random text, for the name of a room that the request left out. */
  readonly randomId: () => string;
}

/**
 * `POST /api/livekit/token`: a room token by LiveKit's TokenSource contract. The participant is the
 * signed-in user, whatever the request says (`participantIdentity`), and may do what the settings
 * grant.
 */
export function roomTokenRoute(app: ZodInstance, deps: RoomDeps): void {
  const schema = {
    body: RoomTokenRequest.nullish(),
    response: { 201: RoomTokenResponse, "4xx": ErrorBody, "5xx": ErrorBody },
  };
  app.post("/api/livekit/token", { schema }, async (request, reply) => {
    const asked = request.body ?? {};
    const user = userOf(request);
    const identity = participantIdentity(user, asked.participant_identity);
    if (!LiveKitName.safeParse(identity).success)
      throw new RequestError(400, "participant_identity: too long together with the user id");
    const room = asked.room_name ?? `room-${deps.randomId()}`;
    const grants = grantsFor(deps.grants, user, room);
    refuseBeyond(grants, room, asked);
    const ttlSeconds = deps.roomTokenTtlSeconds;
    const participant_token = await signRoomToken(
      deps.roomKey,
      { identity, room, ttlSeconds, grants },
      asked,
    );
    request.log.info(
      { audit: "room-token", user, identity, room, ttlSeconds },
      "signed a room token",
    );
    return reply.code(201).send({ server_url: signallingUrl(deps, request), participant_token });
  });
}
