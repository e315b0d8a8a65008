import { isIPv6 } from "node:net";
import { NotApplicable } from "./findings.ts";

/** How a client reaches a server: datagrams, a plain stream, or a TLS stream. */
export type Transport = "udp" | "tcp" | "tls";

/** An ICE URL taken apart. `host` has no brackets. */
export interface IceUrl {
  readonly text: string;
  readonly relays: boolean;
  readonly host: string;
  readonly port: number;
  readonly transport: Transport;
}

const PATTERN = /^(stuns?|turns?):(\[[^\]]+\]|[^:?[\]]+)(?::(\d+))?(?:\?transport=(udp|tcp))?$/;

/**
 * Reads a STUN or TURN URL (RFC 7064, RFC 7065). Default ports are 3478 and, for `turns:`, 5349.
 * Throws on anything else, and on DTLS, which verify does not speak.
 */
export function parseIceUrl(text: string): IceUrl {
  const [, scheme, authority, port, carrier] = PATTERN.exec(text) ?? [];
  if (!scheme || !authority) throw new Error(`"${text}" is no ICE URL such as turn:host:port`);
  const secure = scheme.endsWith("s");
  if (secure && carrier === "udp")
    throw new NotApplicable("verify does not speak DTLS, as few servers do");
  const host = authority.replace(/^\[(.*)\]$/, "$1");
  return {
    text,
    relays: scheme.startsWith("turn"),
    host,
    port: port ? Number(port) : secure ? 5349 : 3478,
    transport: secure ? "tls" : carrier === "tcp" ? "tcp" : "udp",
  };
}

/** IP address and port, as STUN and sockets name a peer. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:50100`, `[::1]:50100`: for people, and as a key. */
export const addressLabel = ({ host, port }: Address) =>
  `${isIPv6(host) ? `[${host}]` : host}:${port}`;
