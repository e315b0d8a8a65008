/** Runs as they come out where nothing is in the way, to spoil one thing at a time. */
import type {
  GatheredUrl,
  IceError,
  Measured,
  RelayProof,
  RoomProof,
} from "../../../client/diagnostics/measured.ts";
import type { Path } from "../../../client/pages/path.ts";

export const YOURS = "10.1.2.3:40000";
export const RELAYS = "192.168.1.5:50100";

export const STUN = "stun:192.168.1.5:443";
export const UDP = "turn:192.168.1.5:443?transport=udp";
export const TLS = "turns:192.168.1.5:443?transport=tcp";
export const TLS_5349 = "turns:192.168.1.5:5349?transport=tcp";

const gathered = { errors: [], complete: true, tookMs: 90 };

/** A URL that gave what it is for. */
export const works = (url: string): GatheredUrl => ({
  ...gathered,
  url,
  found: url.startsWith("stun:")
    ? [
        { kind: "host", address: undefined, afterMs: 5 },
        { kind: "srflx", address: YOURS, afterMs: 30 },
      ]
    : [{ kind: "relay", address: RELAYS, afterMs: 40 }],
});

/** A URL that nothing came back from. */
export const silent = (url: string): GatheredUrl => ({
  ...gathered,
  url,
  found: [],
  complete: false,
  tookMs: 8000,
});

/** A URL that gave nothing, of a browser that does not say why. */
export const mute = (url: string): GatheredUrl => ({ ...gathered, url, found: [] });

/** A URL that the browser has this error of. */
export const error = (
  url: string,
  code: number,
  text = "TURN allocate error.",
  afterMs = 50,
): GatheredUrl => {
  const errors: IceError[] = [{ code, text, afterMs }];
  return { ...gathered, url, found: [], errors };
};

/** Chromium's words for a TCP or TLS connection that is refused or broken off. */
export const broken = (url: string) => error(url, 701, "Failed to establish connection");

const path = (local: Path["local"], remote: Path["remote"]): Path => ({
  id: "pair",
  local,
  remote,
  roundTripMs: 3,
  bytesSent: 1,
  bytesReceived: 1,
  at: 1,
});
const relayEnd = (relayOver: string) =>
  ({ kind: "relay", protocol: "udp", relayOver, address: RELAYS }) as const;
const livekit = { kind: "host", protocol: "udp", address: "192.168.1.5:50101" } as const;

export const relayedBy = (over: string): Path => path(relayEnd(over), livekit);
export const directOver = (protocol: string): Path =>
  path({ kind: "prflx", protocol, address: YOURS }, { ...livekit, protocol });

export const room = (over: Path): RoomProof => ({ connectedMs: 700, path: over, frames: 6 });

export const relayProof: RelayProof = {
  connectedMs: 120,
  path: path(relayEnd("udp"), relayEnd("udp")),
  probes: { sent: 100, received: 100, medianMs: 12, slowMs: 20 },
  transfer: { bytes: 5_000_000, received: 5_000_000, intact: true, tookMs: 1_000 },
};

export const done = <Result>(result: Result) => ({ state: "done", result }) as const;
export const failed = (stage: string, why = "no reason") =>
  ({ state: "failed", stage, why }) as const;
export const skipped = { state: "skipped", why: "no relay was reached" } as const;

/** Nothing in the way. */
export const well: Measured = {
  at: "2030-01-01T00:00:00.000Z",
  page: "https://192.168.1.5",
  browser: "a browser",
  webrtc: true,
  urls: [STUN, UDP, TLS, TLS_5349].map(works),
  https: [{ origin: "https://192.168.1.5", answered: true }],
  relay: done(relayProof),
  rooms: { relay: done(room(relayedBy("udp"))), any: done(room(directOver("udp"))) },
};
