/**
 * Renders livekit.yaml. It holds nothing that is known only later: the node's address reaches LiveKit
 * as NODE_IP, keys as a file.
 */
import { stringify } from "yaml";
import { row, type PortRow } from "../turn/ports.ts";
import type { PeerPolicy } from "./peerPolicy.ts";

/** The part of LiveKit's configuration that we write (pkg/config/config.go); unknown keys stop the server. */
export interface LivekitConfig {
  readonly port: number;
  readonly bind_addresses: readonly string[];
  readonly prometheus: { readonly port: number };
  readonly key_file: string;
  readonly rtc: {
    readonly tcp_port: number;
    readonly port_range_start: number;
    readonly port_range_end: number;
    readonly use_external_ip: boolean;
    readonly enable_loopback_candidate: boolean;
    readonly ips: { readonly includes: readonly string[] };
  };
  readonly turn: {
    readonly enabled: boolean;
    readonly domain: string;
    readonly cert_file: string;
    readonly key_file: string;
    readonly udp_port: number;
    readonly tls_port: number;
    readonly relay_range_start: number;
    readonly relay_range_end: number;
    readonly bind_addresses: readonly string[];
    readonly allow_restricted_peer_cidrs: readonly string[];
    readonly deny_peer_cidrs: readonly string[];
  };
}

export interface LivekitConfigInput {
  readonly ports: readonly PortRow[];
  /** The one address LiveKit listens on and gathers media candidates from. */
  readonly nodeAddress: string;
  readonly turnDomain: string;
  readonly peers: PeerPolicy;
  /** Paths in the container. */
  readonly paths: { readonly keys: string; readonly certificate: string; readonly key: string };
}

/** The document as typed data. */
export function livekitConfig({
  ports,
  nodeAddress,
  turnDomain,
  peers,
  paths,
}: LivekitConfigInput): LivekitConfig {
  const media = row(ports, "media");
  const relay = row(ports, "relay");
  return {
    port: row(ports, "signalling").from,
    bind_addresses: [nodeAddress],
    prometheus: { port: row(ports, "metrics").from },
    key_file: paths.keys,
    rtc: {
      tcp_port: row(ports, "ice-tcp").from,
      port_range_start: media.from,
      port_range_end: media.to,
      // A STUN look-up at start would beat NODE_IP, and without an answer the server exits.
      use_external_ip: false,
      enable_loopback_candidate: nodeAddress.startsWith("127."),
      ips: { includes: [`${nodeAddress}/32`] },
    },
    turn: {
      enabled: true,
      domain: turnDomain,
      cert_file: paths.certificate,
      key_file: paths.key,
      udp_port: row(ports, "turn-udp").from,
      tls_port: row(ports, "turn-tls").from,
      relay_range_start: relay.from,
      relay_range_end: relay.to,
      bind_addresses: [nodeAddress],
      allow_restricted_peer_cidrs: peers.allow,
      deny_peer_cidrs: peers.deny,
    },
  };
}

export const livekitYaml = (input: LivekitConfigInput): string => stringify(livekitConfig(input));
