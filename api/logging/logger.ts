/** The log: one line of JSON for each request, and what its handling has to tell. */
import { type FastifyReply, type FastifyRequest, LogController } from "fastify";
import { censoring, type LogSink, redacting } from "./redacting.ts";
import { isTold } from "./tellRequest.ts";

/** What a log line says of a request: no header, and no query, where tokens end up by mistake. */
const loggedRequest = ({ method, url, ip }: FastifyRequest) => ({
  method,
  path: url.split("?", 1)[0],
  remoteAddress: ip,
});

/** Keys whose value is a secret, should an object with one ever be logged. */
const SECRET_KEYS = [
  "authorization",
  "cookie",
  "credential",
  "password",
  "participant_token",
  "secret",
  "token",
];

/** One line when a request is done that is to be told (`tellRequest`), rather than two of half the content. */
export class RequestLines extends LogController {
  override incomingRequest(): void {
    // The line at the end says everything.
  }

  override requestCompleted(error: Error | null, request: FastifyRequest, reply: FastifyReply) {
    const line = { req: request, res: reply, responseTime: reply.elapsedTime };
    if (error) reply.log.error({ ...line, err: error }, "request errored");
    else if (isTold(request)) reply.log.info(line, "request completed");
  }
}

export interface LoggerOptions {
  readonly logTo: LogSink;
  /** Texts that stay out of it. */
  readonly secrets: readonly string[];
  /** Hears of each audit line that is written, such as `{audit: "room-token", ...}`. */
  readonly onAudit: (line: Readonly<Record<string, unknown>>) => void;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** Fastify's `logger`: pino with secrets taken out by their key and by their text. */
export const loggerOptions = ({ logTo, secrets, onAudit }: LoggerOptions) => ({
  stream: censoring(SECRET_KEYS, redacting(secrets, logTo)),
  serializers: { req: loggedRequest },
  hooks: {
    logMethod(this: unknown, args: unknown[], method: (...args: unknown[]) => void): void {
      const [line] = args;
      if (isRecord(line) && "audit" in line) onAudit(line);
      Reflect.apply(method, this, args);
    },
  },
});
