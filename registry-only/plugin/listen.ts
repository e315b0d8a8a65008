import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";

// Pulumi's own limit (rpcutil): uploaded files and three copies of the state travel in one message.
const maxMessageBytes = 400 * 1024 * 1024;

/** A server that is listening; `close` drops what is under way. */
export interface Listening {
  readonly port: number;
  close(): void;
}

/** Serves one gRPC service on a free port of the loopback interface. */
export async function listen(
  definition: ServiceDefinition,
  service: UntypedServiceImplementation,
): Promise<Listening> {
  const server = new Server({
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": maxMessageBytes,
  });
  server.addService(definition, service);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, close: () => server.forceShutdown() };
}
