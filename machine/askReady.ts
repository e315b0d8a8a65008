/** Asks a node that has no name and no certificate of its own yet whether it is ready. */
import type { IncomingMessage } from "node:http";
import { get } from "node:https";
import { types } from "node:util";
import { documentProblem } from "./documentProblem.ts";
import { readyReport } from "./readyReport.ts";

/**
 * Ready, or why not: a line for people, made of printable characters whatever the node said. `refused`: it
 * went back from the document that it was to run.
 */
export type NodeAnswer =
  | { readonly ready: true }
  | { readonly ready: false; readonly why: string; readonly refused: boolean };

/** Whom to ask, and what for. */
export interface NodeQuestion {
  readonly host: string;
  readonly port: number;
  /** Version of the document object that has to run. */
  readonly documentVersion: string;
  /** Default: 5 s. */
  readonly timeoutMs?: number;
}

/** Everything but what hangs on the public address, which the node has not got yet (docs/api.md). */
export const READY_PATH = "/readyz?without=address";

const TIMEOUT_MS = 5_000;
const MOST_BYTES = 16_384;

/**
 * `GET /readyz?without=address` of the node: ready is one that says so and runs that document. Any
 * certificate is accepted: a node gets its own once it has the stack's address, and it is for a name.
 * Nothing is sent that anyone may not see, and the answer decides nothing but whether to go on. Never throws.
 */
export async function askReady({
  host,
  port,
  documentVersion,
  timeoutMs = TIMEOUT_MS,
}: NodeQuestion): Promise<NodeAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const { status, text } = await ask(host, port, signal);
    return judged(status, text, documentVersion);
  } catch (error) {
    return notReady(signal.aborted ? `no answer within ${timeoutMs / 1000} s` : codeOf(error));
  }
}

const ask = (host: string, port: number, signal: AbortSignal) =>
  new Promise<{ status: number; text: string }>((resolve, reject) => {
    const options = {
      host,
      port,
      path: READY_PATH,
      rejectUnauthorized: false,
      agent: false,
      signal,
    };
    get(options, (answer) => {
      textOf(answer).then((text) => resolve({ status: answer.statusCode ?? 0, text }), reject);
    }).on("error", reject);
  });

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of answer.setEncoding("utf8")) {
    text += String(chunk);
    if (text.length > MOST_BYTES) throw new Error("the answer is too long for a readiness report");
  }
  return text;
}

/** What an answer says; only a report counts. */
function judged(status: number, text: string, documentVersion: string): NodeAnswer {
  const report = readyReport(text);
  if (!report) return notReady(`it answers ${status}, and not as the API does`);
  const problem = documentProblem(report.document, documentVersion);
  const isReady = status === 200 && report.status === "ready";
  if (isReady && !problem) return { ready: true };
  const failed = report.failed.map(({ name, detail }) => `${name}: ${detail}`);
  const lacks = failed.length > 0 || isReady ? failed : [`it is ${report.status}`];
  return notReady([...(problem ? [problem.why] : []), ...lacks].join("; "), problem?.refused);
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens yet",
  ECONNRESET: "it cuts the connection",
  EHOSTUNREACH: "there is no way to it",
  ENETUNREACH: "there is no way to it",
  ETIMEDOUT: "it does not answer",
};

function codeOf(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return words[code] ?? error.message;
}

/** Enough for four checks, and two versions of a document (32 characters each in S3). */
const MOST_CHARACTERS = 400;

const notReady = (why: string, refused = false): NodeAnswer => ({
  ready: false,
  why: why.replace(/[^ -~]/g, "?").slice(0, MOST_CHARACTERS),
  refused,
});
