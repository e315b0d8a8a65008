import type { FastifyInstance } from "fastify";
import { RequestError } from "../errors.ts";
import type { NodeDocument } from "../readiness/readiness.ts";

/** LiveKit is back soon after the last call ended, or was ended; another node is not there to try. */
const RETRY_SECONDS = 10;

/**
 * Answers users 503 with `Retry-After` while the node waits for calls to end, before LiveKit ends (node/drain.py):
 * what they would get ends with it. Calls that there are need nothing from here. Who would join one is
 * refused as well, as that would make it last.
 */
export function refuseWhileDraining(scope: FastifyInstance, nodeDocument: NodeDocument): void {
  scope.addHook("preHandler", async () => {
    const told = await nodeDocument();
    if (told?.state !== "draining") return;
    throw new RequestError(
      503,
      `calls are let end, and none begins; try again in ${RETRY_SECONDS} s`,
      { "retry-after": `${RETRY_SECONDS}` },
    );
  });
}
