/** The answers of failed requests, described once for all operations. */
import * as z from "zod";
import { ErrorBody } from "../errors.ts";
import type { ErrorStatus } from "./operations.ts";

const descriptions: Readonly<Record<ErrorStatus, string>> = {
  400: "The request is not what the schema asks for; message names the key",
  401: "Nobody is signed in, or the sign-in is not valid",
  403: "The signed-in user may not do this",
  405: "The path does not take this method",
  413: "The body is larger than 8 KiB",
  414: "The URL is longer than 2048 bytes",
  415: "The body is not application/json",
  429: "Too many requests in a minute by this address or user",
  431: "The request has too many headers, or too large ones",
  500: "A fault of the server; its log tells which, by requestId",
  503: "The server is overloaded, or a service it asks does not answer",
};

const text = { type: "string" } as const;
const requestId = { description: "The request's id, as in its log lines", schema: text };
const retryAfter = { description: "Seconds to wait before trying again", schema: text };

const headersOf = (status: number) => ({
  "x-request-id": requestId,
  ...(status === 401 ? { "www-authenticate": { description: "RFC 6750", schema: text } } : {}),
  ...(status === 405 ? { allow: { description: "What the path takes", schema: text } } : {}),
  ...(status === 429 ? { "retry-after": retryAfter } : {}),
});

const { $schema: _, ...errorSchema } = z.toJSONSchema(ErrorBody, { io: "output" });

/** `components.schemas` and `components.responses` of errors. */
export const errorComponents = {
  schemas: { Error: errorSchema },
  responses: Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [
      `Error${status}`,
      {
        description,
        headers: headersOf(Number(status)),
        content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
      },
    ]),
  ),
};

/** What an operation's `responses` say of one status. */
export const errorReference = (status: ErrorStatus) => ({
  $ref: `#/components/responses/Error${status}`,
});
