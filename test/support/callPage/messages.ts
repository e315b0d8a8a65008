/** What a test tells its pages to do, and what they answer; both ends import it. */

/** Whether a call may, must or cannot go over the relay. */
export type Relay = "allowed" | "only" | "none";

/** What goes over a direct connection. */
export interface PeerWish {
  /** Both sides' number of the call: signals of another one come late, and are passed over. */
  readonly call: number;
  readonly relay: Relay;
  /** Sends a picture and a tone. */
  readonly media: boolean;
  /** Opens a data channel as well. */
  readonly data: boolean;
  readonly bundlePolicy: "balanced" | "max-bundle";
}

/** What one page tells the other by way of the test: parts of the DOM's objects, as plain data. */
export interface Signal {
  readonly call: number;
  readonly description?: { readonly type: "offer" | "answer"; readonly sdp: string };
  readonly candidate?: {
    readonly candidate: string;
    readonly sdpMid: string | null;
    readonly sdpMLineIndex: number | null;
  };
}

/** One statistic of W3C webrtc-stats, as plain data. */
export type Stat = Readonly<Record<string, unknown>>;

/** A file as it was sent or received. */
export interface FileSeen {
  readonly bytes: number;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
}
