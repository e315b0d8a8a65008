/** A Docker Engine that answers from a table: for what is decided around its answers. */
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import type { DockerEngine } from "../../machine/dockerEngine.ts";
import { EngineError } from "../../machine/engineError.ts";

/** A call as it was made; JSON bodies decoded, archives as they are. */
export interface EngineCall {
  readonly call: string;
  readonly body: unknown;
}

/** `"METHOD /path"`, without its query, to an answer; an Error is thrown. */
export type Answers = Readonly<Record<string, unknown>>;

/** The engine, and every call it got; what has no answer is an error. */
export function fakeEngine(answers: Answers): DockerEngine & { calls: EngineCall[] } {
  const calls: EngineCall[] = [];
  const answer = (method: string, path: string, body: unknown): unknown => {
    calls.push({ call: `${method} ${path}`, body });
    const key = `${method} ${path.split("?", 1)[0]}`;
    if (!(key in answers)) throw new Error(`the fake engine has no answer to ${key}`);
    if (answers[key] instanceof Error) throw answers[key];
    return answers[key];
  };
  return {
    calls,
    endpoint: { url: "unix:///fake.sock", source: "a test" },
    ping: async () => ({ apiVersion: "1.41" }),
    json: async (method, path, body) => answer(method, path, body),
    raw: async (method, path, options) => {
      const text = answer(method, path, options?.body);
      const message = new IncomingMessage(new Socket());
      message.push(text);
      message.push(null);
      return message;
    },
  };
}

/** What the real client throws when the engine answers an error. */
export const engineAnswer = (status: number, message: string) =>
  new EngineError("answer", message, "", { status });
