/** A managed TURN service for tests: a real server that notes what it is asked and answers what it is told. */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { text } from "node:stream/consumers";

/** What the service was asked. */
export interface Noted {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers with JSON. */
export const json =
  (value: unknown, status = 200) =>
  (response: ServerResponse) =>
    void response
      .writeHead(status, { "content-type": "application/json" })
      .end(JSON.stringify(value));

/** Takes the request and never says a word. */
export const silence = () => undefined;

/** A service that listens on a free port of this machine until it is disposed of. */
export async function iceService(
  answer: (response: ServerResponse, asked: Noted) => void,
): Promise<{ url: string; asked: Noted[] } & AsyncDisposable> {
  const asked: Noted[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const { method, url, headers } = request;
    const noted = { method, url, headers, body: await text(request) };
    asked.push(noted);
    answer(response, noted);
  };
  const server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the service has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
