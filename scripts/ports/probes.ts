/** How this machine is asked whether a port is free. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { isNativeError } from "node:util/types";
import { holderOf, type ContainerName } from "./holder.ts";
import { readListeners } from "./listeners.ts";
import type { Probe } from "./takenPorts.ts";

/** Looks the port up in the socket tables as they are now: everything for `*` or for our address holds it. */
export function linuxProbe(nodeAddress: string, containerName: ContainerName): Probe {
  const listeners = readListeners().filter(
    ({ address }) => address === "*" || address === nodeAddress,
  );
  return async (protocol, port) => {
    const found = listeners.find((it) => it.protocol === protocol && it.port === port);
    return found && holderOf(found, containerName);
  };
}

/** Opens the port for a moment. What may not be opened here (a port below 1024) is left to the Docker Engine. */
export function openingProbe(nodeAddress: string): Probe {
  return async (protocol, port) => {
    const socket = protocol === "tcp" ? createServer() : createSocket("udp4");
    const opened = once(socket, "listening");
    try {
      if ("listen" in socket) socket.listen(port, nodeAddress);
      else socket.bind(port, nodeAddress);
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
export const machineProbe = (nodeAddress: string, containerName: ContainerName): Probe =>
  process.platform === "linux" ? linuxProbe(nodeAddress, containerName) : openingProbe(nodeAddress);
