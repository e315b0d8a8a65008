/** How the API says that a request failed: 4xx speak, 5xx hide. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { STATUS_CODES } from "node:http";
import * as z from "zod";

/** The body of every answer that is not a success. */
export const ErrorBody = z.object({
  statusCode: z.int(),
  error: z.string(),
  message: z.string(),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

/** An error whose text is meant for the caller. */
export class RequestError extends Error {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(statusCode: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.statusCode = statusCode;
    this.headers = headers;
  }
}

const body = (statusCode: number, message: string): ErrorBody => ({
  statusCode,
  error: STATUS_CODES[statusCode] ?? "Error",
  message,
});

/** The status an error asks for; Fastify's own errors (body too large, not JSON) carry one as well. */
const statusOf = (error: unknown): number => {
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

/** Fastify's error handler: logs what went wrong with the server, tells what is wrong with the request. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const statusCode = statusOf(error);
  if (statusCode === 500 || !(error instanceof Error)) {
    request.log.error({ err: error }, "a request failed");
    return reply
      .code(500)
      .send(body(500, "something went wrong on the server; its log tells what"));
  }
  if (error instanceof RequestError) void reply.headers(error.headers);
  return reply.code(statusCode).send(body(statusCode, textOf(error)));
}

/** Fastify's handler of unknown paths. */
export const answerNotFound = (request: FastifyRequest, reply: FastifyReply) =>
  reply.code(404).send(body(404, `there is no ${request.method} on this path`));
