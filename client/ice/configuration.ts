import type { FailureReason } from "./failure.ts";
import type { IceServer } from "./iceServer.ts";

/**
 * Where ICE servers come from: `fresh`, asked for by this very call; `cached`, asked for before and to be
 * used for now; `last-good`, still alive, but the API gave nothing newer when asked; `public-stun`, no
 * credential is alive, so there is no relay.
 */
export type IceSource = "fresh" | "cached" | "last-good" | "public-stun";

/** What to give an `RTCPeerConnection`, and how good it is. */
export interface IceConfiguration {
  iceServers: IceServer[];
  source: IceSource;
  /** When the credential ends, in ms since the epoch by this machine's clock; absent with `public-stun`. */
  expiresAt?: number;
  /** Why this is not fresh; absent when nothing failed. */
  reason?: FailureReason;
  /** The API's clock less this machine's, in ms and to the second; absent when no `Date` could be read. */
  clockSkewMs?: number;
}
