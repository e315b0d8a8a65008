import * as z from "zod";
import { ErrorBody } from "../errors.ts";
import { neverShed } from "../limits/shedLoad.ts";
import { Check } from "../readiness/check.ts";
import { NodeDocumentStatus } from "../readiness/nodeDocument.ts";
import type { NodeDocument, Readiness } from "../readiness/readiness.ts";
import type { ZodInstance } from "../zodInstance.ts";

/** The answer of `/readyz`, 200 or 503. */
export const Ready = z.object({
  status: z.enum(["ready", "not ready", "stopping"]),
  checks: z.object({ livekit: Check, clock: Check, certificate: Check.optional() }),
  /** On a node of a cloud: which document it runs. */
  document: NodeDocumentStatus.optional(),
});
export type Ready = z.infer<typeof Ready>;

const Query = z.object({
  without: z
    .literal("address", {
      error: ({ input }) =>
        `is ${JSON.stringify(input)}; wanted is "address", which leaves out the certificate`,
    })
    .optional(),
});

/**
 * `GET /readyz`: what this server hands out would work: LiveKit answers, its clock is ours, and the
 * certificate is valid; `?without=address` leaves out what a node without its public address has not
 * got. On a node it also says which document runs, which decides nothing. Open to everyone, and asked too often to be logged or limited.
 */
export function readyRoute(
  app: ZodInstance,
  readiness: Readiness,
  stopping: AbortSignal,
  nodeDocument?: NodeDocument,
): void {
  const schema = { querystring: Query, response: { 200: Ready, 503: Ready, "4xx": ErrorBody } };
  const config = { ...neverShed, rateLimit: false as const };
  app.get("/readyz", { schema, config, logLevel: "warn" }, async (request, reply) => {
    void reply.header("cache-control", "no-store");
    const [checks, document] = await Promise.all([
      readiness({ address: request.query.without === undefined }),
      nodeDocument?.(),
    ]);
    const told = { checks, ...(document ? { document } : {}) };
    const ready = Object.values(checks).every(({ ok }: Check) => ok);
    if (ready && !stopping.aborted) return { status: "ready" as const, ...told };
    const status = stopping.aborted ? ("stopping" as const) : ("not ready" as const);
    return reply.code(503).send({ status, ...told });
  });
}
