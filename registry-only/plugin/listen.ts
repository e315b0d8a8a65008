import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";

// Pulumi's own limit (rpcutil): uploaded files and three copies of the state travel in one message.
const maxMessageBytes = 400 * 1024 * 1024;

/** How large a message may be, in either direction: 400 MiB. */
export const messageLimits = {
  "grpc.max_receive_message_length": maxMessageBytes,
  "grpc.max_send_message_length": maxMessageBytes,
};

/** A server that is listening. */
export interface Listening {
  readonly port: number;
  /** Takes no calls any more and waits until those under way are answered. */
  drain(): Promise<void>;
  /** Drops what is under way. */
  close(): void;
}

/** Serves one gRPC service on a free port of the loopback interface. */
export async function listen(
  definition: ServiceDefinition,
  service: UntypedServiceImplementation,
): Promise<Listening> {
  const server = new Server(messageLimits);
  server.addService(definition, service);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    port,
    drain: () =>
      new Promise((resolve, reject) => {
        server.tryShutdown((error) => (error ? reject(error) : resolve()));
      }),
    close: () => server.forceShutdown(),
  };
}
