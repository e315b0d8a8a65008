/** Asking an application that does nothing but sign in, and small servers for sign-ins to ask. */
import fastify, { type InjectOptions } from "fastify";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { answerError } from "../../../api/errors.ts";
import { requireSignIn, type SignIn, userOf } from "../../../api/signIn.ts";

export const NOW = new Date("2030-01-01T00:00:00Z");
export const nowSeconds = NOW.getTime() / 1000;

/** A clock that stands still until it is moved. */
export function clock() {
  let time = NOW.getTime();
  return {
    now: () => new Date(time),
    pass: (seconds: number) => void (time += seconds * 1000),
  };
}

/** What a request came to. */
export interface Outcome {
  readonly status: number;
  /** The user, or the problem. */
  readonly said: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** An application whose one answer is the user's id. Its log lines are kept. */
export function appWith(signIn: SignIn) {
  const logLines: string[] = [];
  const app = fastify({ logger: { stream: { write: (line) => void logLines.push(line) } } });
  app.setErrorHandler(answerError);
  requireSignIn(app, signIn);
  app.all("/*", (request) => ({ message: userOf(request) }));
  const ask = async (
    headers: NonNullable<InjectOptions["headers"]> = {},
    {
      url = "/api/livekit/ice-config",
      method = "GET" as const,
    }: InjectOptions & { url?: string } = {},
  ): Promise<Outcome> => {
    const answer = await app.inject({ method, url, headers });
    const { message } = answer.json<{ message: unknown }>();
    return { status: answer.statusCode, said: message, headers: answer.headers };
  };
  return { ask, logLines };
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on this machine whose answers change from test to test. */
export async function smallServer(handler: Handler) {
  const asked: IncomingMessage[] = [];
  const self = { handler };
  const server = createServer((request, response) => {
    asked.push(request);
    self.handler(request, response);
  });
  let port = 0;
  const listen = () =>
    new Promise<void>((resolve) =>
      server.listen(port, "127.0.0.1", () => {
        const address = server.address();
        if (typeof address === "object" && address) port = address.port;
        resolve();
      }),
    );
  await listen();
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url: `http://127.0.0.1:${port}/`,
    /** Every request that came, the first one first. */
    asked,
    answerWith: (it: Handler) => void (self.handler = it),
    stop,
    restart: listen,
  };
}

/** Answers with JSON. */
export const json =
  (value: unknown, status = 200): Handler =>
  (_request, response) =>
    void response
      .writeHead(status, { "content-type": "application/json" })
      .end(JSON.stringify(value));
