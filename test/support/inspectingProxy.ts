/** What opens TLS on the way, as inspecting proxies do, with a certificate of its own. */
import { once } from "node:events";
import type { Socket } from "node:net";
import { connect, createServer } from "node:tls";
import { issue } from "./pki.ts";

const DAY_MS = 86_400_000;
/** The first byte of a request is a letter of its method; that of a STUN message is 0 (RFC 8489). */
const isWeb = (first: Buffer) => /^[A-Z]/.test(first.subarray(0, 1).toString("latin1"));

export interface InspectingProxy {
  readonly port: number;
  /** PEM of the certificate it shows, which is self-signed. */
  readonly certificate: string;
  /** Connections whose TLS was set up, by what came in them. */
  readonly seen: { web: number; other: number };
  close(): void;
}

/**
 * Starts one on a free port of `address`: what looks like HTTP goes on to `port` of the same address,
 * anything else is broken off. `ca` is the PEM that the server behind is checked with.
 */
export async function startInspectingProxy(
  address: string,
  { port, ca }: { readonly port: number; readonly ca: string },
): Promise<InspectingProxy> {
  const now = Date.now();
  const [notBefore, notAfter] = [new Date(now - DAY_MS), new Date(now + DAY_MS)];
  const { pem, keyPem } = await issue({
    subject: "inspection",
    ip: [address],
    notBefore,
    notAfter,
  });
  const seen = { web: 0, other: 0 };
  const open = new Set<Socket>();
  const server = createServer({ key: keyPem, cert: pem }, (client) => {
    open.add(client);
    client.on("error", () => client.destroy());
    client.once("data", (first: Buffer) => {
      if (!isWeb(first)) {
        seen.other += 1;
        client.destroy();
        return;
      }
      seen.web += 1;
      const behind = connect({ host: address, port, ca });
      open.add(behind);
      behind.on("error", () => client.destroy());
      behind.on("close", () => client.destroy());
      client.on("close", () => behind.destroy());
      behind.write(first);
      client.pipe(behind).pipe(client);
    });
  });
  server.listen(0, address);
  await once(server, "listening");
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("the proxy listens on no port");
  return {
    port: bound.port,
    certificate: pem,
    seen,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
