import { createSocket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";
import { type PortRow, row } from "../turn/ports.ts";
import type { End } from "./exchange.ts";
import { errorCode, LegFailure } from "./findings.ts";
import { type Address, addressLabel } from "./iceUrl.ts";

const range = ({ from, to }: Pick<PortRow, "from" | "to">) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

/**
 * The ports a peer on the node itself may bind, best first: LiveKit from v1.13.10 on silently drops
 * what a relay sends to the node's own addresses outside the media ports. Those outside the relay
 * range come first, as no allocation competes for them; in each part the highest come first.
 */
export function peerPorts(ports: readonly PortRow[]): number[] {
  const relay = row(ports, "relay");
  const isRelay = (port: number) => relay.from <= port && port <= relay.to;
  const media = range(row(ports, "media")).toReversed();
  return [...media.filter((port) => !isRelay(port)), ...media.filter(isRelay)];
}

/** A plain UDP socket that stands for a client without a relay. */
export interface DirectPeer {
  readonly address: Address;
  /** The peer as one end of an exchange with a relay. */
  endTowards(relay: Address): End;
  close(): Promise<void>;
}

/**
 * Binds the first free of the ports; 0 is any. Rejects with a `LegFailure` when none is free or the address
 * is not one of this machine.
 */
export async function bindDirectPeer(
  host: string,
  ports: readonly number[],
  signal: AbortSignal,
): Promise<DirectPeer> {
  for (const port of ports) {
    const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
    try {
      socket.bind(port, host);
      await once(socket, "listening", { signal });
    } catch (error) {
      socket.close();
      signal.throwIfAborted();
      if (errorCode(error) === "EADDRINUSE") continue;
      throw new LegFailure({ kind: "no-peer-port", address: host, code: errorCode(error) });
    }
    return directPeer(socket, { host, port: socket.address().port }, signal);
  }
  throw new LegFailure({ kind: "no-peer-port", address: host, code: "EADDRINUSE" });
}

/** A bound socket as a peer that others know under that address. */
export function directPeer(
  socket: ReturnType<typeof createSocket>,
  address: Address,
  signal: AbortSignal,
): DirectPeer {
  const end = new AbortController();
  socket.on("error", (error) => end.abort(error));
  const broken = AbortSignal.any([signal, end.signal]);
  return {
    address,
    endTowards: (relay) => ({
      signal: broken,
      send: (data) => socket.send(data, relay.port, relay.host),
      listen: (listener) =>
        void socket.on("message", (data, { address: host, port }) => {
          if (addressLabel({ host, port }) === addressLabel(relay)) listener(data);
        }),
    }),
    close: () => new Promise((resolve) => void socket.close(resolve)),
  };
}
