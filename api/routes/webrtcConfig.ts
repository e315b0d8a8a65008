import { WebrtcConfig } from "../../turn/iceConfig.ts";
import { ErrorBody } from "../errors.ts";
import { userOf } from "../signIn.ts";
import { TtlQuery } from "../ttlQuery.ts";
import { grantIce, type TurnDeps } from "../turnCredential.ts";
import type { ZodInstance } from "../zodInstance.ts";

/** `GET /api/v1/calls/webrtc-config`: ICE servers in the shape VOX's clients read. */
export function webrtcConfigRoute(app: ZodInstance, deps: TurnDeps): void {
  const schema = {
    querystring: TtlQuery(deps.credentialTtlSeconds),
    response: { 200: WebrtcConfig, "4xx": ErrorBody, "5xx": ErrorBody },
  };
  app.get("/api/v1/calls/webrtc-config", { schema }, (request) => {
    const asked = { user: userOf(request), ttlSeconds: request.query.ttl };
    return grantIce(deps, asked, request.log).then(({ iceServers }) => ({
      success: true as const,
      data: { iceServers },
    }));
  });
}
