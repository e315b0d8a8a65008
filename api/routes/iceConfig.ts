import { IceConfig } from "../../turn/iceConfig.ts";
import { ErrorBody } from "../errors.ts";
import { userOf } from "../signIn.ts";
import { TtlQuery } from "../ttlQuery.ts";
import { grantIce, type TurnDeps } from "../turnCredential.ts";
import type { ZodInstance } from "../zodInstance.ts";

/** `GET /api/livekit/ice-config`: ICE servers in the shape PeerWave's clients read. */
export function iceConfigRoute(app: ZodInstance, deps: TurnDeps): void {
  const schema = {
    querystring: TtlQuery(deps.credentialTtlSeconds),
    response: { 200: IceConfig, "4xx": ErrorBody, "5xx": ErrorBody },
  };
  app.get("/api/livekit/ice-config", { schema }, (request) => {
    const asked = { user: userOf(request), ttlSeconds: request.query.ttl };
    return grantIce(deps, asked, request.log).then((granted) => ({
      ...granted,
      expiresAt: granted.expiresAt.toISOString(),
    }));
  });
}
