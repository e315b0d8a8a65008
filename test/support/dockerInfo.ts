/** A Docker Engine that knows nothing but what it is: answers `_ping` and `/info` on loopback. */
import { createServer } from "node:http";

export interface InfoServer extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly url: string;
}

/** Serves `info`, in the words of `GET /info`, until it is disposed of. */
export async function serveInfo(info: Readonly<Record<string, unknown>>): Promise<InfoServer> {
  const server = createServer((request, response) => {
    response.setHeader("Api-Version", "1.41");
    if (request.url === "/_ping") response.end("OK");
    else if (request.url === "/v1.41/info") response.end(JSON.stringify(info));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `tcp://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
