/** Answers to what is no HTTP request that a route could be looked up for. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { answerError, errorBody } from "../errors.ts";

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
    "x-content-type-options: nosniff",
    `x-request-id: ${requestId}`,
    "connection: close",
  ];
  if (socket.writable) socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  else socket.destroy(error);
}

/** Fastify's handler of what its router cannot read, such as `/%`; no hook runs for it. */
export function answerUnroutable(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  void reply.headers({ "x-content-type-options": "nosniff", "x-request-id": request.id });
  void answerError(error, request, reply);
  request.log.info({ req: request, res: reply }, "request completed");
}
