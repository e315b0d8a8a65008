/** What TURN rules judge: the configuration of LiveKit with its embedded TURN, or of coturn, in one shape. */
import type { AddressRange } from "../cidr.ts";
import type { PortSpan } from "../ports.ts";
import type { Resource } from "../rule.ts";
import type { Container } from "./container.ts";
import type { CoturnOptions } from "./coturnOptions.ts";

/** Peers that a list of the configuration names. */
export interface PeerList {
  /** The key: `turn.deny_peer_cidrs`. */
  readonly input: string;
  readonly ranges: readonly AddressRange[];
  /** Entries that the server cannot read. */
  readonly malformed: readonly string[];
}

/** A secret that the configuration shows; the text is never put into a message. */
export interface VisibleSecret {
  /** Where it is, with the key's name: `keys.devkey`. */
  readonly input: string;
  readonly key: string;
  readonly text: string;
  /** Whether it lies in the configuration itself or the environment, not in a file of its own. */
  readonly inline: boolean;
}

interface Common {
  readonly resource: Resource;
  /** Service of a node document; undefined where the resource is the container. */
  readonly part?: string;
  /** The container that carries the configuration; it need not be the one that runs the server. */
  readonly container: Container;
  /** Where the configuration is, for messages: `/etc/livekit/livekit.yaml`. */
  readonly place: string;
  readonly denied: PeerList;
  readonly allowed: PeerList;
  /** Where relays lie: what is set, or what the server takes without. */
  readonly relayPorts: PortSpan;
  readonly relayInput: string;
  /** A user's relays at a time; undefined where it is not set. */
  readonly allocationsPerUser: number | undefined;
  readonly quotaInput: string;
  readonly secrets: readonly VisibleSecret[];
}

export interface LivekitServer extends Common {
  readonly engine: "livekit";
  /** The scalar at a path, as text: an argument (`--turn.domain`) beats the environment (LIVEKIT_TURN_DOMAIN), and that livekit.yaml. */
  readonly setting: (section: string, key: string) => string | undefined;
  /** livekit.yaml, read. */
  readonly config: unknown;
  /** `rtc.port_range_start` to `_end`, or LiveKit's own; undefined where one port carries all media. */
  readonly mediaPorts: PortSpan | undefined;
}

export interface CoturnServer extends Common {
  readonly engine: "coturn";
  readonly options: CoturnOptions;
}

export type TurnServer = LivekitServer | CoturnServer;
