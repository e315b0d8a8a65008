/** How the server ends without losing an answer. */
import type { FastifyInstance } from "fastify";
import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * How long connections are still taken after the word to stop, for clients and proxies to hear of it,
 * and when what is still open then is cut off. Docker kills after 10 s by default.
 */
const HEAR_MS = 2_000;
const CUT_OFF_MS = 4_000;
const LOOK_MS = 20;

/** Tells each answer's connection to close once the server is stopping. */
export function tellOfStop(app: FastifyInstance, stopping: AbortSignal): void {
  app.addHook("onSend", (_request, reply, _payload, done) => {
    if (stopping.aborted) void reply.header("connection", "close");
    done();
  });
}

const openConnections = (server: Server): Promise<number> => {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  return promise;
};

/** Returns once no connection is open, or after `limitMs`. */
async function untilLeft(server: Server, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  // oxlint-disable-next-line no-await-in-loop -- a poll waits
  while (performance.now() < end && (await openConnections(server)) > 0) await sleep(LOOK_MS);
}

/**
 * Ends an application whose hooks watch `stopping`. First every answer says `connection: close`, so
 * that clients leave by themselves; two seconds later, or when all have left, no connection is taken any
 * more, idle ones are closed, and requests under way are answered. 3 s after the start nobody else is
 * waited for any longer (`lastOrders`), so that these have their answers, be it a 503. What is not done
 * after 4 s is cut off: its request never came whole, or its client does not read.
 */
export async function stopGracefully(
  app: Pick<FastifyInstance, "server" | "close">,
  stopping: AbortController,
): Promise<void> {
  stopping.abort();
  const cutOff = setTimeout(() => app.server.closeAllConnections(), CUT_OFF_MS);
  try {
    await untilLeft(app.server, HEAR_MS);
    await app.close();
  } finally {
    clearTimeout(cutOff);
  }
}
