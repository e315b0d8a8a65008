/** The DNS records that a deployment's names need. */

/**
 * The address stays for as long as the stack does; when it does change, the stack is made anew, and
 * nobody then wants to wait longer than a minute for resolvers to forget.
 */
export const RECORD_TTL_SECONDS = 60;

/** Each name once, in the order given: signalling, TURN and API may share one. */
export const recordNames = (names: readonly string[]): string[] => [...new Set(names)];

/** A record as a line of a zone file (RFC 1035 section 5.1), for whoever keeps the names elsewhere. */
export const recordLine = (name: string, address: string): string =>
  `${name}. ${RECORD_TTL_SECONDS} IN A ${address}`;
