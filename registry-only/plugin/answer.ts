import { status } from "@grpc/grpc-js";
import type { handleServerStreamingCall, handleUnaryCall, ServiceError } from "@grpc/grpc-js";

/** An error whose gRPC status says that the call is not offered. */
class Refusal extends Error {}

/** Refuses a call: the engine shows the text, or goes on without what it asked for. */
export function refuse(text: string): never {
  throw new Refusal(text);
}

/** A gRPC method from a function of its request; what it throws becomes the call's error. */
export function unary<Request, Answer>(
  answer: (request: Request, ended: AbortSignal) => Answer | Promise<Answer>,
): handleUnaryCall<Request, Answer> {
  return (call, callback) => {
    const ended = new AbortController();
    call.on("cancelled", () => ended.abort());
    void outcomeOf(() => answer(call.request, ended.signal)).then((outcome) =>
      // oxlint-disable-next-line promise/no-callback-in-promise -- gRPC's interface is a callback
      "error" in outcome ? callback(toStatus(outcome.error)) : callback(null, outcome.message),
    );
  };
}

async function outcomeOf<Answer>(
  answer: () => Answer | Promise<Answer>,
): Promise<{ message: Answer } | { error: unknown }> {
  try {
    return { message: await answer() };
  } catch (error) {
    return { error };
  }
}

/** The same for a method that streams its answers through `write`. */
export function serverStream<Request, Answer>(
  answer: (
    request: Request,
    write: (message: Answer) => void,
    ended: AbortSignal,
  ) => void | Promise<void>,
): handleServerStreamingCall<Request, Answer> {
  return (call) => {
    const ended = new AbortController();
    call.on("cancelled", () => ended.abort());
    const write = (message: Answer) => call.write(message);
    void outcomeOf(() => answer(call.request, write, ended.signal)).then((outcome) =>
      "error" in outcome ? call.emit("error", toStatus(outcome.error)) : call.end(),
    );
  };
}

/**
 * The gRPC status of an error: its message, and `UNIMPLEMENTED` for refusals. What another server
 * answered is handed on as it is.
 */
function toStatus(error: unknown): { code: status; details: string } {
  if (isServiceError(error)) return { code: error.code, details: error.details };
  const code = error instanceof Refusal ? status.UNIMPLEMENTED : status.UNKNOWN;
  return { code, details: error instanceof Error ? error.message : String(error) };
}

/** Tells the answer of another gRPC server from errors of this process. */
export const isServiceError = (error: unknown): error is ServiceError =>
  error instanceof Error && "code" in error && typeof error.code === "number" && "details" in error;
