/** What became of one ICE URL, as far as the browser tells. */
import type { GatheredUrl } from "./measured.ts";

/**
 * `works`: it gave what it is for. `refused`: the server answered and said no. `full`: it has no relay
 * left. `unknown`: its name leads nowhere. `broken`: the connection was refused or broken off.
 * `silent`: nothing came back.
 */
export type UrlState = "works" | "refused" | "full" | "unknown" | "broken" | "silent";

/** W3C webrtc-pc: the code of what is no answer of a server. */
const NO_ANSWER = 701;
/** RFC 8656 section 19: allocation quota reached, insufficient capacity. */
const FULL = [486, 508];

export const isStun = (url: string): boolean => /^stuns?:/.test(url);

/** How a URL is reached (RFC 7064, RFC 7065). */
export function transportOf(url: string): "udp" | "tcp" | "tls" {
  if (/^(?:stuns|turns):/.test(url)) return "tls";
  return /\btransport=tcp\b/.test(url) ? "tcp" : "udp";
}

/** `host:port` of a URL, the port filled in. */
export function authorityOf(url: string): string {
  const [, scheme = "", host = "", port] =
    /^([a-z]+):(\[[^\]]*\]|[^:?]*)(?::(\d+))?/.exec(url) ?? [];
  return `${host}:${port ?? (scheme.endsWith("s") ? 5349 : 3478)}`;
}

/** Classifies what was gathered from one URL. */
export function urlState({ url, found, errors, complete }: GatheredUrl): UrlState {
  const wanted = isStun(url) ? "srflx" : "relay";
  if (found.some(({ kind }) => kind === wanted)) return "works";
  const codes = errors.map(({ code }) => code);
  if (codes.some((code) => FULL.includes(code))) return "full";
  if (codes.some((code) => code >= 300 && code < NO_ANSWER)) return "refused";
  if (errors.some(({ text }) => /host lookup/i.test(text))) return "unknown";
  if (!complete || errors.some(({ text }) => /timed out/i.test(text))) return "silent";
  // A machine whose own address is what STUN saw gets that address once, as its own (RFC 8445 5.1.3).
  if (isStun(url) && errors.length === 0) return "works";
  return "broken";
}
