/** `/metrics` on a port of its own, which is not for clients. */
import { createServer, type Server } from "node:http";
import { collectDefaultMetrics, type Registry } from "prom-client";

const TIMEOUT_MS = 5_000;

/** A server that answers `GET /metrics` with this registry, and nothing else; it listens when told to. */
export function metricsServer(registry: Registry): Server {
  const limits = {
    maxHeaderSize: 4 * 1024,
    requestTimeout: TIMEOUT_MS,
    headersTimeout: TIMEOUT_MS,
  };
  return createServer(limits, (request, answer) => {
    const [path] = (request.url ?? "").split("?", 1);
    if (path !== "/metrics") answer.writeHead(404).end();
    else if (request.method !== "GET") answer.writeHead(405, { allow: "GET" }).end();
    else
      registry.metrics().then(
        (text) => answer.writeHead(200, { "content-type": registry.contentType }).end(text),
        () => answer.writeHead(500).end(),
      );
  });
}

/** Adds what every Node process tells of itself: memory, CPU, event loop, garbage collection. */
export const measureProcess = (registry: Registry): void =>
  collectDefaultMetrics({ register: registry });
