/** How the API says that a request failed: 4xx speak, faults of the server hide. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { STATUS_CODES } from "node:http";
import * as z from "zod";

/** The body of every answer that is not a success. */
export const ErrorBody = z.object({
  statusCode: z.int(),
  error: z.string(),
  /** What is wrong and, where the caller can, how to mend it. */
  message: z.string(),
  /** The request's id, which every log line of the request has. */
  requestId: z.string(),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

/** An error whose text is meant for the caller, whatever its status. */
export class RequestError extends Error {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    statusCode: number,
    message: string,
    headers: Readonly<Record<string, string>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.statusCode = statusCode;
    this.headers = headers;
  }
}

/** The body for a request that is known by `requestId`. */
export const errorBody = (statusCode: number, message: string, requestId: string): ErrorBody => ({
  statusCode,
  error: STATUS_CODES[statusCode] ?? "Error",
  message,
  requestId,
});

/** The status an error asks for; Fastify's own errors (body too large, not JSON) carry one as well. */
const statusOf = (error: unknown): number => {
  if (error instanceof RequestError) return error.statusCode;
  const asked = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  return typeof asked === "number" && asked >= 400 && asked < 500 ? asked : 500;
};

/** `room_config/agents/0: unknown key` rather than Fastify's text for JSON schemas. */
const textOf = (error: Error): string =>
  hasZodFastifySchemaValidationErrors(error)
    ? error.validation
        .map(({ instancePath, message }) => `${instancePath.slice(1) || "body"}: ${message}`)
        .join("; ")
    : error.message;

/** No error is for any cache: it may be of one user, or gone at the next try. */
const answer = (request: FastifyRequest, reply: FastifyReply, status: number, message: string) =>
  reply
    .code(status)
    .header("cache-control", "no-store")
    .send(errorBody(status, message, request.id));

/** Fastify's error handler: logs what went wrong with the server, tells what is wrong with the request. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const statusCode = statusOf(error);
  if (!(error instanceof Error) || (statusCode === 500 && !(error instanceof RequestError))) {
    request.log.error({ err: error }, "a request failed");
    return answer(request, reply, 500, "something went wrong on the server; its log tells what");
  }
  if (error instanceof RequestError) {
    void reply.headers(error.headers);
    if (error.cause !== undefined) request.log.warn({ err: error.cause }, error.message);
  }
  return answer(request, reply, statusCode, textOf(error));
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Fastify's handler of what no route takes: 404, or 405 with `Allow` (RFC 9110 section 15.5.6). */
export function answerNotFound(request: FastifyRequest, reply: FastifyReply) {
  const [url = "/"] = request.url.split("?", 1);
  const allowed = METHODS.filter((method) => request.server.hasRoute({ url, method }));
  if (allowed.length === 0)
    return answer(request, reply, 404, `there is no ${request.method} on this path`);
  void reply.header("allow", allowed.join(", "));
  return answer(request, reply, 405, `this path takes ${allowed.join(" and ")}`);
}
