import { Client, credentials, status } from "@grpc/grpc-js";
import type { ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/analyzer_pb.js";
import { isServiceError, unary } from "../plugin/answer.ts";
import { messageLimits } from "../plugin/listen.ts";
import type { PackProcess } from "./packProcess.ts";

const asItIs = (bytes: Buffer) => bytes;

/** Pulumi's `Analyzer` service (proto/pulumi/analyzer.proto) on messages that are not decoded. */
export const rawAnalyzerService: ServiceDefinition = Object.fromEntries(
  Object.entries(AnalyzerService).map(([name, { path, requestStream, responseStream }]) => [
    name,
    {
      path,
      requestStream,
      responseStream,
      requestSerialize: asItIs,
      requestDeserialize: asItIs,
      responseSerialize: asItIs,
      responseDeserialize: asItIs,
    },
  ]),
);

/** What a policy pack is started with: nothing when the engine looks at no stack. */
export type StackConfiguration = pb.AnalyzerStackConfigureRequest | undefined;

/**
 * Answers the engine in the place of a policy pack whose process wants to know the stack when it
 * starts. The engine tells that by ConfigureStack (or asks something else first, when there is no
 * stack): only then is the pack started, and it gets that call and all others as they are.
 */
export function analyzerProxy(
  start: (stack: StackConfiguration) => PackProcess,
): UntypedServiceImplementation {
  let pack: Connected | undefined;

  const methods = Object.entries(rawAnalyzerService).map(([name, { path }]) => [
    name,
    unary(async (request: Buffer, ended) => {
      // The engine's own address, which the pack gets as its argument.
      if (name === "handshake") return empty;
      // There is nothing to cancel before the start.
      if (name === "cancel" && pack === undefined) return empty;
      pack ??= connect(start(name === "configureStack" ? stackIn(request) : undefined));
      return pack.ask(path, request, ended);
    }),
  ]);
  return Object.fromEntries(methods);
}

// The empty message is the answer of both.
const empty = Buffer.alloc(0);

const stackIn = (request: Buffer) =>
  pb.AnalyzerStackConfigureRequest.deserializeBinary(new Uint8Array(request));

interface Connected {
  ask(path: string, request: Buffer, ended: AbortSignal): Promise<Buffer>;
}

/** Rejects with the pack's own error; when its process is gone, with how it ended. */
function connect(pack: PackProcess): Connected {
  const client = pack.port.then((port) => {
    // A proxy that the environment names must not come between two processes of one machine.
    const options = { ...messageLimits, "grpc.enable_http_proxy": 0 };
    const opened = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), options);
    const close = () => opened.close();
    pack.exitCode.then(close, close);
    return opened;
  });
  client.catch(() => {});
  return {
    async ask(path, request, ended) {
      try {
        return await askRaw(await client, path, request, ended);
      } catch (error) {
        if (!isServiceError(error) || error.code !== status.UNAVAILABLE) throw error;
        throw new Error(await pack.end(), { cause: error });
      }
    },
  };
}

function askRaw(client: Client, path: string, request: Buffer, ended: AbortSignal) {
  return new Promise<Buffer>((resolve, reject) => {
    const call = client.makeUnaryRequest<Buffer, Buffer>(
      path,
      asItIs,
      asItIs,
      request,
      (error, answer) => (error ? reject(error) : resolve(answer ?? empty)),
    );
    ended.addEventListener("abort", () => call.cancel(), { once: true });
  });
}
