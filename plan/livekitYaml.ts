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
    readonly ips?: { readonly includes: readonly string[] };
  };
  readonly turn: {
    readonly enabled: boolean;
    readonly domain?: string;
    readonly cert_file?: string;
    readonly key_file?: string;
    readonly external_tls?: boolean;
    readonly udp_port: number;
    readonly tls_port: number;
    readonly relay_range_start: number;
    readonly relay_range_end: number;
    readonly bind_addresses: readonly string[];
    readonly allow_restricted_peer_cidrs: readonly string[];
    readonly deny_peer_cidrs: readonly string[];
    readonly per_user_relay_allocation_limit?: number;
  };
}

export interface LivekitConfigInput {
  readonly ports: readonly PortRow[];
  /** Addresses to listen on: for signalling and metrics, and for TURN. */
  readonly bind: { readonly http: string; readonly turn: string };
  /** The only addresses to gather media candidates from; undefined where LiveKit has but one. */
  readonly mediaCidr: string | undefined;
  /** Undefined where the environment names it (LIVEKIT_TURN_DOMAIN). */
  readonly turnDomain: string | undefined;
  readonly peers: PeerPolicy;
  /** Undefined for a version that knows no such limit: it would not start. */
  readonly allocationsPerUser: number | undefined;
  /** Path of the key file in the container. */
  readonly keys: string;
  /** Paths in the container; undefined when an edge ends TLS. */
  readonly certificate: { readonly chain: string; readonly key: string } | undefined;
}

/** The document as typed data. */
export function livekitConfig(input: LivekitConfigInput): LivekitConfig {
  const { ports, bind, mediaCidr, turnDomain, certificate, allocationsPerUser } = input;
  const media = row(ports, "media");
  const relay = row(ports, "relay");
  return {
    port: row(ports, "signalling").from,
    bind_addresses: [bind.http],
    prometheus: { port: row(ports, "metrics").from },
    key_file: input.keys,
    rtc: {
      tcp_port: row(ports, "ice-tcp").from,
      port_range_start: media.from,
      port_range_end: media.to,
      // A STUN look-up at start would beat NODE_IP, and without an answer the server exits.
      use_external_ip: false,
      // A relay beside it in one container reaches it only there, also where ports are published.
      enable_loopback_candidate: input.peers.allow.some((it) => it.startsWith("127.")),
      ...(mediaCidr === undefined ? {} : { ips: { includes: [mediaCidr] } }),
    },
    turn: {
      enabled: true,
      ...(turnDomain === undefined ? {} : { domain: turnDomain }),
      ...(certificate
        ? { cert_file: certificate.chain, key_file: certificate.key }
        : { external_tls: true }),
      udp_port: row(ports, "turn-udp").from,
      tls_port: row(ports, certificate ? "turn-tls" : "turn-tcp").from,
      relay_range_start: relay.from,
      relay_range_end: relay.to,
      bind_addresses: [bind.turn],
      allow_restricted_peer_cidrs: input.peers.allow,
      deny_peer_cidrs: input.peers.deny,
      ...(allocationsPerUser === undefined
        ? {}
        : { per_user_relay_allocation_limit: allocationsPerUser }),
    },
  };
}

export const livekitYaml = (input: LivekitConfigInput): string => stringify(livekitConfig(input));
