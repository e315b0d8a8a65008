/** LiveKit's health check as a small server whose clock and answer a test chooses. */
import { once } from "node:events";
import { createServer } from "node:http";
import { portOf } from "./portOf.ts";

export interface LivekitHttp extends AsyncDisposable {
  readonly url: string;
  /** How often it was asked. */
  readonly asked: () => number;
}

export interface LivekitBehaviour {
  /** Default: 200. */
  readonly status?: number;
  /** Default: this machine's clock; null is an answer without a date. */
  readonly date?: Date | null;
  /** Takes the request and never answers. */
  readonly hangs?: boolean;
}

export async function livekitHttp(
  behaviour: () => LivekitBehaviour = () => ({}),
): Promise<LivekitHttp> {
  let asked = 0;
  const server = createServer((_request, answer) => {
    asked += 1;
    const { status = 200, date, hangs = false } = behaviour();
    if (hangs) return;
    answer.sendDate = date === undefined;
    if (date) answer.setHeader("date", date.toUTCString());
    answer.writeHead(status).end("OK");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server);
  return {
    url: `http://127.0.0.1:${port}`,
    asked: () => asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
