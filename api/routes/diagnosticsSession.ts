import type { FastifyRequest } from "fastify";
import * as z from "zod";
import type { RoomGrants } from "../../turn/roomGrants.ts";
import { ErrorBody } from "../errors.ts";
import { refuseForeignNames, refuseOtherPages, refuseOverLimit } from "../ownPages.ts";
import { openPageSession, PageSession } from "../pageSession.ts";
import { participantIdentity } from "../participantIdentity.ts";
import { perMinute } from "../perMinute.ts";
import { userOf } from "../signIn.ts";
import type { TurnDeps } from "../turnCredential.ts";
import type { ZodInstance } from "../zodInstance.ts";
import type { RoomDeps } from "./roomToken.ts";

/** Everything one run of the diagnostics page needs. */
export const DiagnosticsSession = PageSession.extend({
  /**
   * Origin of the edge, which takes HTTPS on a port of TURN/TLS: what passes for the one and not for
   * the other tells of something in between. Absent without an edge.
   */
  edge: z.url().optional(),
});

const SESSIONS_PER_MINUTE = 30;

/** What a run does in its room, whatever the stack's users may do in theirs: nobody else is there. */
const grants: RoomGrants = {
  publish: true,
  sources: ["camera"],
  subscribe: false,
  data: false,
  ownMetadata: false,
  agents: false,
};

/** How the caller of a run becomes a user; throws for whom it is not. */
type Admission = (request: FastifyRequest) => string;

/** Without a sign-in: whoever reaches the page, as a made-up user, 30 times a minute in all. */
export function admitAnybody(deps: TurnDeps & RoomDeps): Admission {
  const wait = perMinute(SESSIONS_PER_MINUTE);
  return (request) => {
    refuseForeignNames(request, deps.edgeLivekitUrl);
    refuseOverLimit(wait(deps.now()));
    return `diagnostics-${deps.randomId()}`;
  };
}

/** Below `requireSignIn`: the user who is signed in. */
export const admitSignedIn: Admission = userOf;

/**
 * `POST /diagnostics/session`: 10 minutes in a room that nobody else is in, and on the relay. Pages of
 * other sites get none.
 */
export function diagnosticsSessionRoute(
  app: ZodInstance,
  deps: TurnDeps & RoomDeps,
  admit: Admission,
): void {
  const schema = {
    hide: true,
    response: { 200: DiagnosticsSession, "4xx": ErrorBody, "5xx": ErrorBody },
  };
  const edge = deps.edgeLivekitUrl?.replace(/^ws/, "http");
  app.post("/diagnostics/session", { schema }, async (request, reply) => {
    void reply.header("cache-control", "no-store");
    refuseOtherPages(request);
    const user = admit(request);
    const room = `diagnostics-${deps.randomId()}`;
    const identity = participantIdentity(user);
    const session = await openPageSession(deps, request, { user, identity, room, grants });
    return { ...session, ...(edge === undefined ? {} : { edge }) };
  });
}
