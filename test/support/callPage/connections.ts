/** Every peer connection of the page, whoever makes it: LiveKit's client does, too. */
import type { Stat } from "./messages.ts";

const connections: RTCPeerConnection[] = [];

/** Watches from now on; before anybody makes one. */
export function watchConnections(): void {
  globalThis.RTCPeerConnection = class extends globalThis.RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
    }
  };
}

const open = () => connections.filter((it) => it.connectionState !== "closed");

/** Statistics of each connection that is not closed. */
export const statistics = (): Promise<Stat[][]> =>
  Promise.all(
    open().map(async (it) => [...((await it.getStats()) as ReadonlyMap<string, Stat>).values()]),
  );

/** The state of each connection that is not closed. */
export const states = (): RTCPeerConnectionState[] => open().map((it) => it.connectionState);

/** Whether none of them looks for candidates any more. */
export const gathered = (): boolean => open().every((it) => it.iceGatheringState === "complete");
