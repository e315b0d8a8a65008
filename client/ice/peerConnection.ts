import type { IceServer } from "./iceServer.ts";

/** As much of an `RTCPeerConnection` as is used; every browser's fits, and so may a library's for Node. */
export interface PeerConnection {
  readonly signalingState: string;
  readonly connectionState: string;
  readonly localDescription: { readonly sdp: string } | null;
  getConfiguration(): { iceServers?: readonly Partial<IceServerLike>[] };
  setConfiguration(configuration: { iceServers: IceServer[] }): void;
  restartIce(): void;
  getStats(): Promise<{ forEach(callback: (stat: unknown) => void): void }>;
  addEventListener(type: PeerEvent, listener: () => void): void;
  removeEventListener(type: PeerEvent, listener: () => void): void;
}

export type PeerEvent = "signalingstatechange" | "connectionstatechange";

/** One entry as a connection tells it. */
export interface IceServerLike {
  readonly urls: string | readonly string[];
  readonly username: string;
  readonly credential: string;
}
