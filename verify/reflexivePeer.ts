/** A direct peer on this machine for a deployment that may be anywhere. */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";
import { type DirectPeer, directPeer } from "./directPeer.ts";
import type { DirectPath } from "./directPath.ts";
import { type End, exchange } from "./exchange.ts";
import { type Finding, LegFailure, notApplicable } from "./findings.ts";
import type { Address, IceUrl } from "./iceUrl.ts";
import { knock } from "./knock.ts";
import type { Context } from "./leg.ts";
import { FIRST_WITH_RELAY_POLICY, isSince } from "./livekitVersion.ts";
import type { Relay } from "./relay.ts";
import { decode, encodeRequest } from "./stun.ts";
import { Transactions } from "./transactions.ts";

const STUN_MS = 3_000;

/** The way to a socket of this machine, under the address that the deployment's STUN sees it at. */
export function reflexivePath(context: Context, urls: readonly IceUrl[]): DirectPath {
  return {
    async pass(relay, { tag, signal }) {
      const server =
        urls.find(({ transport }) => transport === "udp") ??
        notApplicable("without a STUN or TURN URL over UDP nothing tells this machine's address");
      const socket = createSocket(isIPv6(server.host) ? "udp6" : "udp4");
      try {
        const peer = directPeer(socket, await mappedAddress(socket, server, signal), signal);
        await permit(relay, peer);
        const ends: [End, End] = [await knock(relay, peer, signal), peer.endTowards(relay.address)];
        await exchange({ ends, names: ["relay", "direct peer"], tag, signal }).catch(
          (error: unknown) => onNode(error, { relay, peer }, context.target.livekitVersion),
        );
      } finally {
        await new Promise<void>((resolve) => void socket.close(resolve));
      }
    },
    close: async () => undefined,
  };
}

/** The address that the server sees the socket at (RFC 8489 section 2, XOR-MAPPED-ADDRESS). */
async function mappedAddress(
  socket: Socket,
  server: IceUrl,
  signal: AbortSignal,
): Promise<Address> {
  await once(socket.bind(0), "listening", { signal });
  const transactions = new Transactions("udp", {
    send: (frame) => socket.send(frame, server.port, server.host),
  });
  const settle = (frame: Buffer) => {
    const message = decode(frame);
    if (message?.kind === "answer") transactions.settle(message);
  };
  socket.on("message", settle);
  const request = { request: "Binding", ms: STUN_MS, signal } as const;
  const { mapped } = await transactions.run(encodeRequest("Binding", {}), request);
  socket.off("message", settle);
  if (!mapped) throw new Error("the answer to Binding holds no mapped address");
  return mapped;
}

async function permit({ client }: Relay, { address }: DirectPeer): Promise<void> {
  await client.permit(address).catch((error: unknown) => {
    if (!refused(error)) throw error;
    return notApplicable(
      `the relay may not send to this machine's address ${address.host}; where that is a private one, it should not`,
    );
  });
}

const findingOf = (error: unknown): Finding | undefined =>
  error instanceof LegFailure ? error.finding : undefined;
const refused = (error: unknown) => findingOf(error)?.kind === "refused";

/** On the node itself LiveKit since 1.13.10 drops what goes to such a port, and rightly. */
function onNode(
  error: unknown,
  { relay, peer }: { readonly relay: Relay; readonly peer: DirectPeer },
  version: string | undefined,
): never {
  const isLoss = findingOf(error)?.kind === "packets";
  const isOnNode = relay.address.host === peer.address.host;
  if (!isLoss || !isOnNode || isSince(FIRST_WITH_RELAY_POLICY, version) === false) throw error;
  return notApplicable(
    `verify runs on the node itself, and LiveKit since ${FIRST_WITH_RELAY_POLICY} drops what goes to the node outside the media ports, which only the stack tells`,
  );
}
