import * as z from "zod";
import { ErrorBody } from "../errors.ts";
import { refuseForeignNames, refuseOtherPages, refuseOverLimit } from "../ownPages.ts";
import { openPageSession, PageSession } from "../pageSession.ts";
import { perMinute } from "../perMinute.ts";
import type { TurnDeps } from "../turnCredential.ts";
import type { ZodInstance } from "../zodInstance.ts";
import type { RoomDeps } from "./roomToken.ts";

/** What the demo page asks for: a room by the part of its name behind `demo-`. */
export const DemoJoinRequest = z.strictObject({
  room: z.string().regex(/^[\w-]{1,64}$/, "wanted are 1 to 64 letters, digits, - or _"),
});

const JOINS_PER_MINUTE = 30;

/**
 * `POST /demo/join`: lets anybody who reaches the page into a demo call. There is no sign-in, so it
 * gives no API token, which would open every room: only a token for a room whose name begins with
 * `demo-`, and ICE servers, each for a user of its own and 10 minutes, 30 times a minute in all.
 */
export function demoJoinRoute(app: ZodInstance, deps: TurnDeps & RoomDeps): void {
  const wait = perMinute(JOINS_PER_MINUTE);
  const schema = {
    hide: true,
    body: DemoJoinRequest,
    response: { 200: PageSession, "4xx": ErrorBody, "5xx": ErrorBody },
  };
  app.post("/demo/join", { schema }, (request, reply) => {
    void reply.header("cache-control", "no-store");
    refuseForeignNames(request, deps.edgeLivekitUrl);
    refuseOtherPages(request);
    refuseOverLimit(wait(deps.now()));
    const user = `demo-${deps.randomId()}`;
    const room = `demo-${request.body.room}`;
    const { grants } = deps;
    return openPageSession(deps, request, { user, identity: user, room, grants });
  });
}
