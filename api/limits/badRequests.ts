/** Answers to what is no HTTP request that a route could be looked up for. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { answerError, errorBody } from "../errors.ts";
import { carefulHeaders } from "./securityHeaders.ts";

const problems: Readonly<Record<string, readonly [number, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, "the request took too long to arrive"],
  HPE_HEADER_OVERFLOW: [431, "the request's line and headers are too large"],
};

/** Node's handler of what its parser refuses, on a connection that is closed after it. */
export function answerUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  const [status, message] = problems[error.code ?? ""] ?? [400, "this is not an HTTP request"];
  const requestId = randomUUID();
  const body = JSON.stringify(errorBody(status, message, requestId));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "cache-control: no-store",
    ...Object.entries(carefulHeaders).map(([name, value]) => `${name}: ${value}`),
    `x-request-id: ${requestId}`,
    "connection: close",
  ];
  if (socket.writable) socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  else socket.destroy(error);
}

/**
 * Fastify's handler of what its router cannot read, such as `/%`. No hook runs for it, so no limit counts
 * it, and the log has nothing of it; `onAnswered` hears of each.
 */
export const answerUnroutable =
  (onAnswered: (status: number) => void) =>
  (error: Error, request: FastifyRequest, reply: FastifyReply): void => {
    void reply.headers({ ...carefulHeaders, "x-request-id": request.id });
    void answerError(error, request, reply);
    onAnswered(reply.statusCode);
  };
