/** What a run measures: plain data, without anything secret. Times are ms, addresses `address:port`. */
import type { Path } from "../pages/path.ts";

/** One address that a server gave, or that this machine has. */
export interface Found {
  readonly kind: "host" | "srflx" | "prflx" | "relay";
  readonly address?: string | undefined;
  readonly afterMs: number;
}

/** Why a browser says a server gave none: STUN's error code (RFC 8489), or 701 when there was no answer. */
export interface IceError {
  readonly code: number;
  readonly text: string;
  readonly afterMs: number;
}

/** What one ICE URL gave. */
export interface GatheredUrl {
  readonly url: string;
  readonly found: readonly Found[];
  readonly errors: readonly IceError[];
  /** Whether the browser was done with it; else our own limit ended the wait. */
  readonly complete: boolean;
  readonly tookMs: number;
}

/** Whether an origin answered over HTTPS. */
export interface HttpsAnswer {
  readonly origin: string;
  readonly answered: boolean;
}

/** How it went: a result, or the stage at which it failed and why. */
export type Attempt<Result> =
  | { readonly state: "done"; readonly result: Result }
  | { readonly state: "failed"; readonly stage: string; readonly why: string }
  | { readonly state: "skipped"; readonly why: string };

/** Small packets, sent once each without a retry. */
export interface Probes {
  readonly sent: number;
  readonly received: number;
  /** From here over the relay and back: half of them took no longer. */
  readonly medianMs?: number | undefined;
  /** 95 of 100 took no longer. */
  readonly slowMs?: number | undefined;
}

/** A file, sent from here over the relay and back. */
export interface Transfer {
  readonly bytes: number;
  readonly received: number;
  /** Whether every byte that came is the one that was sent. */
  readonly intact: boolean;
  readonly tookMs: number;
}

/** Two connections of this page that met over the relay alone. */
export interface RelayProof {
  readonly connectedMs: number;
  readonly path?: Path | undefined;
  readonly probes: Probes;
  readonly transfer: Transfer;
}

/** A LiveKit room that was joined, and sent a picture to. */
export interface RoomProof {
  readonly connectedMs: number;
  readonly path?: Path | undefined;
  /** Pictures that were sent. */
  readonly frames: number;
}

export interface Measured {
  /** ISO 8601. */
  readonly at: string;
  /** The page's origin. */
  readonly page: string;
  /** What the browser says it is. */
  readonly browser: string;
  /** Whether the browser has WebRTC at all. */
  readonly webrtc: boolean;
  readonly urls: readonly GatheredUrl[];
  readonly https: readonly HttpsAnswer[];
  readonly relay: Attempt<RelayProof>;
  /** With every path but the relay refused, and with any path. */
  readonly rooms: { readonly relay: Attempt<RoomProof>; readonly any: Attempt<RoomProof> };
}
