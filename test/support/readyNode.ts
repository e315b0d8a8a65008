/** A node that boots: an HTTPS server with a certificate of its own making, and answers that a test gives it. */
import { createServer, type Server } from "node:https";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { issue } from "./pki.ts";
import { portOf } from "./portOf.ts";

const DAY_MS = 86_400_000;

const keyPair = (() => {
  let made: Promise<{ cert: string; key: string }> | undefined;
  return () =>
    (made ??= issue({
      subject: "nobody in particular",
      notBefore: new Date(Date.now() - DAY_MS),
      notAfter: new Date(Date.now() + DAY_MS),
    }).then(({ pem, keyPem }) => ({ cert: pem, key: keyPem })));
})();

export interface ReadyNode {
  readonly port: number;
  /** What was asked for, in order: method and path. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

export type Answer = (response: ServerResponse, index: number) => void;

/** Answers every request with `answer`, which gets how many there were before. */
export async function readyNode(
  answer: Answer,
  { host = "127.0.0.1", port = 0 }: { host?: string; port?: number } = {},
): Promise<ReadyNode> {
  const asked: string[] = [];
  const server: Server = createServer(await keyPair(), (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(response, asked.length - 1);
  });
  await once(server.listen(port, host), "listening");
  return {
    port: portOf(server),
    asked,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const ok = (detail: string) => ({ ok: true, detail });

/** A body of `/readyz` as the API sends it. */
export const report = (status: string, checks: Readonly<Record<string, object>>) =>
  JSON.stringify({ status, checks });

export const ready: Answer = (response) =>
  void response.writeHead(200).end(report("ready", { livekit: ok("LiveKit answers") }));

export const notReady: Answer = (response) =>
  void response.writeHead(503).end(
    report("not ready", {
      livekit: { ok: false, detail: "LiveKit cannot be reached" },
      clock: { ok: false, detail: "LiveKit's clock is not known" },
      disk: ok("there is room"),
    }),
  );
