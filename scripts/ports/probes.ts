/** How this machine is asked whether a port is free. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { isNativeError } from "node:util/types";
import { holderOf, type ContainerName } from "./holder.ts";
import { readListeners } from "./listeners.ts";
import type { Probe } from "./takenPorts.ts";

/**
 * Looks the port up in the socket tables as they are now: everything for `*` or for our address holds it.
 * Ours may be `*` as well, which any address keeps from a port.
 */
export function linuxProbe(ourAddress: string, containerName: ContainerName): Probe {
  const listeners = readListeners().filter(
    ({ address }) => ourAddress === "*" || address === "*" || address === ourAddress,
  );
  return async (protocol, port) => {
    const found = listeners.find((it) => it.protocol === protocol && it.port === port);
    return found && holderOf(found, containerName);
  };
}

/** Opens the port for a moment. What may not be opened here (a port below 1024) is left to the Docker Engine. */
export function openingProbe(ourAddress: string): Probe {
  const address = ourAddress === "*" ? "0.0.0.0" : ourAddress;
  return async (protocol, port) => {
    const socket = protocol === "tcp" ? createServer() : createSocket("udp4");
    const opened = once(socket, "listening");
    try {
      if ("listen" in socket) socket.listen(port, address);
      else socket.bind(port, address);
      await opened;
    } catch (error) {
      return isNativeError(error) && "code" in error && error.code === "EADDRINUSE"
        ? ""
        : undefined;
    }
    socket.close();
    return undefined;
  };
}

/** The probe for this platform. */
export const machineProbe = (ourAddress: string, containerName: ContainerName): Probe =>
  process.platform === "linux" ? linuxProbe(ourAddress, containerName) : openingProbe(ourAddress);
