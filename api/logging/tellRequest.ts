/** Which requests get a line in the log: its size is bounded, and strangers must not wash the audit lines out. */
import type { FastifyRequest } from "fastify";

const told = new WeakSet<FastifyRequest>();

/** Says whether a request gets its line when it is done. Without a word it gets none: the metrics count it. */
export function tellRequest(request: FastifyRequest, wanted: boolean): void {
  if (wanted) told.add(request);
  else told.delete(request);
}

export const isTold = (request: FastifyRequest): boolean => told.has(request);
