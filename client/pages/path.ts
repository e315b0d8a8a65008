/** The path that media takes, as a browser's statistics (W3C webrtc-stats) tell it. */

const kinds = ["host", "srflx", "prflx", "relay"] as const;
export type CandidateKind = (typeof kinds)[number];

/** One end of a path. */
export interface End {
  readonly kind: CandidateKind;
  /** Between this end and the other; of a relay, between the relay and the other end. */
  readonly protocol: string;
  /** How this side reaches its own relay: `udp`, `tcp` or `tls`. The other side's is not told. */
  readonly relayOver?: string | undefined;
  /** The STUN or TURN URL that the address was found by. */
  readonly url?: string | undefined;
  /** `address:port`, where the browser tells it. */
  readonly address?: string | undefined;
}

export interface Path {
  /** Another pair of ends has another id. */
  readonly id: string;
  readonly local: End;
  readonly remote: End;
  readonly roundTripMs?: number | undefined;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** When this was so, in ms; only differences mean something. */
  readonly at: number;
}

type Stat = Readonly<Record<string, unknown>>;

const isStat = (value: unknown): value is Stat => typeof value === "object" && value !== null;
const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const number = (value: unknown) => (typeof value === "number" ? value : undefined);

/** The path in use, or undefined while there is none. Takes the values of an `RTCStatsReport`. */
export function pathOf(report: Iterable<unknown>): Path | undefined {
  const stats = [...report].filter(isStat);
  const byId = (id: unknown) => stats.find((it) => it["id"] === id);
  const pair = selectedPair(stats);
  const local = end(byId(pair?.["localCandidateId"]));
  const remote = end(byId(pair?.["remoteCandidateId"]));
  if (!pair || !local || !remote) return undefined;
  const roundTripSeconds = number(pair["currentRoundTripTime"]);
  return {
    id: text(pair["id"]) ?? "",
    local,
    remote,
    roundTripMs: roundTripSeconds === undefined ? undefined : roundTripSeconds * 1000,
    bytesSent: number(pair["bytesSent"]) ?? 0,
    bytesReceived: number(pair["bytesReceived"]) ?? 0,
    at: number(pair["timestamp"]) ?? 0,
  };
}

/** The transport names its pair; Firefox marks the pair itself. */
function selectedPair(stats: readonly Stat[]): Stat | undefined {
  const named = stats.find(
    (it) => it["type"] === "transport" && text(it["selectedCandidatePairId"]),
  );
  const pairs = stats.filter((it) => it["type"] === "candidate-pair");
  return named
    ? pairs.find((it) => it["id"] === named["selectedCandidatePairId"])
    : pairs.find((it) => it["selected"] === true);
}

function end(candidate: Stat | undefined): End | undefined {
  const kind = kinds.find((it) => it === candidate?.["candidateType"]);
  if (!candidate || !kind) return undefined;
  const url = text(candidate["url"]);
  const address = text(candidate["address"]);
  return {
    kind,
    protocol: text(candidate["protocol"]) ?? "udp",
    relayOver: text(candidate["relayProtocol"]) ?? (kind === "relay" ? overOf(url) : undefined),
    url,
    address:
      address === undefined ? undefined : `${bracketed(address)}:${number(candidate["port"])}`,
  };
}

const bracketed = (address: string) => (address.includes(":") ? `[${address}]` : address);

/** What a TURN URL says of its transport (RFC 7065), for browsers that give no `relayProtocol`. */
function overOf(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  if (url.startsWith("turns:")) return "tls";
  return url.endsWith("transport=tcp") ? "tcp" : "udp";
}
