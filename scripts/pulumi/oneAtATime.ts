/** One command at a time: who holds an address works, everybody else waits for it. */
import { rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { types } from "node:util";
import * as z from "zod";
import { UserError } from "../userError.ts";
import { spanOf, type Patience } from "./patience.ts";

/** Who works, as it is told to whoever waits. */
const Worker = z.object({
  pid: z.int().positive(),
  command: z.string().regex(/^[\w:. -]+$/),
  /** Milliseconds since 1970. */
  since: z.number(),
});
type Worker = z.infer<typeof Worker>;

export interface Turn {
  /** Where to listen, see `addressOf`. */
  readonly address: string;
  /** What is worked on, in words: `stack "dev"`. */
  readonly what: string;
  /** The command that works, as the user typed it. */
  readonly command: string;
}

/**
 * Where the holder of a key listens: names that belong to a living process only, on Linux and Windows;
 * elsewhere a socket file, which is taken over when nobody listens there.
 */
export function addressOf(key: string, platform: NodeJS.Platform = process.platform): string {
  const name = `turnkey-${process.getuid?.() ?? 0}-${key}`;
  if (platform === "linux") return `\0${name}`;
  return platform === "win32" ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

/**
 * Does `work` while nobody else does any under that address. The operating system frees the address when
 * this process ends, however it ends. Throws a UserError when the patience is at its end.
 */
export async function oneAtATime<T>(
  turn: Turn,
  work: () => Promise<T>,
  patience: Patience,
): Promise<T> {
  const end = patience.now() + patience.limitMs;
  let release = await take(turn, patience.now());
  while (!release) {
    await untilFree(turn, end, patience);
    release = await take(turn, patience.now());
  }
  try {
    return await work();
  } finally {
    release();
  }
}

/** Gives what ends our turn; undefined when it is another's. */
async function take({ address, command }: Turn, now: number): Promise<(() => void) | undefined> {
  const waiting = new Set<Socket>();
  const worker: Worker = { pid: process.pid, command, since: now };
  const server = createServer((socket) => {
    waiting.add(socket);
    socket.on("error", () => socket.destroy()).on("close", () => waiting.delete(socket));
    // The end of the connection, not of the text, tells that the turn is over.
    socket.unref().write(`${JSON.stringify(worker)}\n`);
  });
  if (!(await listens(server, address))) return undefined;
  server.unref();
  return () => {
    server.close();
    for (const socket of waiting) socket.destroy();
  };
}

function listens(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once("listening", () => resolve(true));
    server.once("error", (error) => {
      if (codeOf(error) === "EADDRINUSE") resolve(false);
      else reject(error);
    });
    server.listen({ path });
  });
}

const LATE = "the patience is at its end";

/** Returns when whoever holds the address has ended or given it back. */
async function untilFree(
  { address, what }: Turn,
  end: number,
  { now, limitMs, tell }: Patience,
): Promise<void> {
  const socket = connect({ path: address });
  let worker: Worker | undefined;
  socket.setEncoding("utf8").once("data", (line: string) => {
    worker = parseWorker(line);
    tell(`${what} is in use by ${named(worker, now())}: waiting for it to end`);
  });
  const timer = setTimeout(() => socket.destroy(new Error(LATE)), end - now());
  const ended = await new Promise((resolve) =>
    socket.once("error", resolve).once("close", resolve),
  );
  clearTimeout(timer);
  // A socket file whose process is gone; other addresses go with their process.
  if (codeOf(ended) === "ECONNREFUSED" && isAbsolute(address)) rmSync(address, { force: true });
  if (types.isNativeError(ended) && ended.message === LATE)
    throw new UserError(
      `${what} is still in use by ${named(worker, now())}, after ${spanOf(limitMs)} of waiting`,
      [
        "wait for it to end",
        ...(worker ? [`or end it, then run this again: kill -INT ${worker.pid}`] : []),
      ],
    );
}

const named = (worker: Worker | undefined, now: number) =>
  worker
    ? `npm run ${worker.command} (pid ${worker.pid}), for ${spanOf(now - worker.since)}`
    : "another command";

function parseWorker(line: string): Worker | undefined {
  try {
    return Worker.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

const codeOf = (error: unknown) =>
  types.isNativeError(error) && "code" in error ? error.code : undefined;
