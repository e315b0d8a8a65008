/** The id of a request: in each of its log lines, in `x-request-id` and in error bodies. */
import type { FastifyInstance } from "fastify";
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";

const HEADER = "x-request-id";
const WELL_FORMED = /^[\w-]{16,64}$/;

/**
 * Fastify's `genReqId`: a new id, or the one that the edge gave, so that its log and ours can be read
 * side by side. Without an edge the header is a stranger's.
 */
export const requestIdOf =
  (behindEdge: boolean) =>
  ({ headers }: Pick<IncomingMessage, "headers">): string => {
    const given = headers[HEADER];
    return behindEdge && typeof given === "string" && WELL_FORMED.test(given)
      ? given
      : randomUUID();
  };

/** Tells the id in every answer. */
export function tellRequestIds(app: FastifyInstance): void {
  app.addHook("onRequest", (request, reply, done) => {
    void reply.header(HEADER, request.id);
    done();
  });
}
