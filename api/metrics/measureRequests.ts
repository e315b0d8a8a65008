import type { FastifyInstance } from "fastify";
import type { Metrics } from "./metrics.ts";

/** Of requests that no route took; their paths and methods are whatever strangers send. */
const UNMATCHED = { method: "other", route: "unmatched" } as const;

/** Counts an answer that no hook saw. */
export const countUnmatched = ({ requests }: Metrics, status: number): void =>
  requests.inc({ ...UNMATCHED, status });

/** Counts and times every answer of an application. */
export function measureRequests(app: FastifyInstance, { requests, latency }: Metrics): void {
  app.addHook("onResponse", (request, reply, done) => {
    const { url } = request.routeOptions;
    const asked = url === undefined ? UNMATCHED : { method: request.method, route: url };
    requests.inc({ ...asked, status: reply.statusCode });
    latency.observe(asked, reply.elapsedTime / 1000);
    done();
  });
}
