import { constants } from "node:os";
import { startError } from "./children.ts";
import type { Children, Ending } from "./children.ts";
import { firstLine } from "./firstLine.ts";
import type { PackRun } from "./packRun.ts";

// What is kept of the last words of a pack, for the error that says why it ended: characters.
const keptWords = 4_096;

/** Where the output of a pack goes, after the line that tells its port. */
export interface PackOutput {
  stdout(bytes: Buffer): void;
  stderr(bytes: Buffer): void;
}

/** A policy pack that has been started. */
export interface PackProcess {
  /** The port it serves at; rejects with why there is none when it ends before it tells one. */
  readonly port: Promise<number>;
  /** Its exit code, 128 and the signal's number when a signal ended it; rejects when it cannot be started. */
  readonly exitCode: Promise<number>;
  /** Ends it and tells how it ended, with its last words. */
  end(): Promise<string>;
}

/** Starts a policy pack under the `node` on PATH. It ends with `children`, and when `ended` fires. */
export function startPack(
  { args, cwd, env }: PackRun,
  children: Children,
  output: PackOutput,
  ended: AbortSignal,
): PackProcess {
  const port = Promise.withResolvers<number>();
  const unwanted = new AbortController();
  let words = "";
  const ending = children
    .run(
      "node",
      args,
      { cwd, env, stdio: ["ignore", "pipe", "pipe"] },
      AbortSignal.any([ended, unwanted.signal]),
      (child) => {
        const first = firstLine((bytes) => output.stdout(bytes));
        child.stdout?.on("data", (bytes: Buffer) => first.take(bytes));
        first.line.then((text) => port.resolve(portIn(text, cwd))).catch(port.reject);
        child.stderr?.on("data", (bytes: Buffer) => {
          words = (words + bytes.toString()).slice(-keptWords);
          // Of a pack that never gets as far, the error holds it: the user reads it once.
          port.promise.then(() => output.stderr(bytes)).catch(() => {});
        });
      },
    )
    .catch((error: unknown) => {
      throw new Error(startError("node", error), { cause: error });
    });
  const howEnded = ending.then((it) => `the policy pack in ${cwd} ${described(it)}${after(words)}`);
  // Of no effect once the port is known.
  howEnded.then((text) => port.reject(new Error(text)), port.reject);
  // What wrote something else serves nothing.
  port.promise.catch(() => unwanted.abort());
  return {
    port: port.promise,
    exitCode: ending.then((it) => ("code" in it ? it.code : 128 + constants.signals[it.signal])),
    end: () => {
      unwanted.abort();
      return howEnded;
    },
  };
}

function portIn(line: string, folder: string): number {
  const port = Number(line);
  if (Number.isInteger(port) && port > 0) return port;
  throw new Error(
    `the policy pack in ${folder} wrote ${JSON.stringify(line)} to stdout where its port belongs; ` +
      "write nothing there before new PolicyPack()",
  );
}

const described = (ending: Ending) =>
  "code" in ending ? `ended with exit code ${ending.code}` : `was ended by ${ending.signal}`;

const after = (words: string) => (words.trim() === "" ? "" : `:\n${words.trim()}`);
