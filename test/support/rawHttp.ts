/** HTTP as bytes on a connection, for what no client sends by itself. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { ZodInstance } from "../../api/zodInstance.ts";
import { portOf } from "./portOf.ts";

/** The port of an application that listens on 127.0.0.1. */
export async function listening(app: ZodInstance): Promise<number> {
  await app.listen({ host: "127.0.0.1", port: 0 });
  return portOf(app.server);
}

/** An open connection and what has come on it; `closed` resolves to all of it, or rejects at a reset. */
export interface Wire {
  readonly socket: Socket;
  readonly came: () => string;
  readonly closed: Promise<string>;
}

export async function wire(port: number): Promise<Wire> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  await once(socket, "connect");
  const closed = once(socket, "close").then(() => text);
  // Who does not wait for the end does not care how it came.
  closed.catch(() => undefined);
  return { socket, came: () => text, closed };
}

/** Sends these bytes and gives everything that comes until the server closes. */
export async function exchange(port: number, bytes: string): Promise<string> {
  const { socket, closed } = await wire(port);
  socket.write(bytes);
  return closed;
}
