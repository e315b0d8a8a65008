import { isIPv6 } from "node:net";
import { hasRow, type PortRow, row } from "./ports.ts";

/**
 * The ICE URLs (RFC 7064, RFC 7065) of a node, in the order clients get them: STUN first, which
 * LiveKit answers on its TURN/UDP port, then TURN over UDP, then TURN over TLS for networks that
 * let no UDP out: on the port of HTTPS, which passes the strictest firewalls, where there is an edge.
 * `host` is a domain or an address; an IPv6 address gets its brackets here.
 */
export function iceUrls(host: string, ports: readonly PortRow[]): string[] {
  const authority = isIPv6(host) ? `[${host}]` : host;
  const udp = row(ports, "turn-udp").from;
  const tls = [...(hasRow(ports, "https") ? [row(ports, "https")] : []), row(ports, "turn-tls")];
  return [
    `stun:${authority}:${udp}`,
    `turn:${authority}:${udp}?transport=udp`,
    ...tls.map(({ from }) => `turns:${authority}:${from}?transport=tcp`),
  ];
}
