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

/** The version of the document that such a node is to run, where a test says nothing else. */
export const DOCUMENT = "version-1";

/** How a node tells which document it runs. */
const documentOf = (state: string, wanted: string, applied: string | null) => ({
  state,
  wanted,
  applied,
  since: "2030-01-01T00:00:00Z",
});
export const applied = (version = DOCUMENT) => documentOf("applied", version, version);
export const applying = (version = DOCUMENT, before: string | null = null) =>
  documentOf("applying", version, before);
export const draining = (version: string, before: string) =>
  documentOf("draining", version, before);
export const refused = (version: string, before: string) => documentOf("refused", version, before);

/** A body of `/readyz` as the API sends it. */
export const report = (
  status: string,
  checks: Readonly<Record<string, object>>,
  document: object | undefined = applied(),
) => JSON.stringify({ status, checks, document });

/** A node that is ready, and tells that of its document. */
export const readyWith =
  (document: object): Answer =>
  (response) =>
    void response.writeHead(200).end(report("ready", { livekit: ok("LiveKit answers") }, document));

export const ready: Answer = readyWith(applied());

/** A node of which LiveKit is away, and that tells that of its document. */
export const notReadyWith =
  (document: object): Answer =>
  (response) =>
    void response.writeHead(503).end(
      report(
        "not ready",
        {
          livekit: { ok: false, detail: "LiveKit cannot be reached" },
          clock: { ok: false, detail: "LiveKit's clock is not known" },
          disk: ok("there is room"),
        },
        document,
      ),
    );

export const notReady: Answer = notReadyWith(applied());
