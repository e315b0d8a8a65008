/** The servers that findings speak of. */
import type { GatheredUrl } from "../measured.ts";
import { authorityOf, type UrlState, urlState } from "../urlState.ts";
import type { Finding } from "./finding.ts";

/** The server behind one URL. */
export interface Server {
  readonly url: string;
  readonly state: UrlState;
  readonly at: string;
  /** Whether the browser gave a reason for what failed. */
  readonly hasReason: boolean;
}

export const serverOf = (it: GatheredUrl): Server => ({
  url: it.url,
  state: urlState(it),
  at: authorityOf(it.url),
  hasReason: it.errors.length > 0,
});

/** The host of `host:port`. */
export const hostOf = (at: string): string => at.slice(0, at.lastIndexOf(":"));

/** `host:port` of an origin, the port filled in. */
export const originAuthority = (origin: string): string => {
  const { hostname, port } = new URL(origin);
  return `${hostname}:${port || 443}`;
};

/** Servers as a sentence names them, each once. */
export const list = (servers: readonly Server[]): string =>
  [...new Set(servers.map(({ at }) => at))].join(", ");

/** A finding of these servers, if there are any. */
export const some = (
  servers: readonly Server[] | undefined,
  make: (them: string) => Finding,
): Finding[] => (servers && servers.length > 0 ? [make(list(servers))] : []);

/** Servers that were tried at all: what has no name tells nothing of what is let through. */
export const tried = (servers: readonly Server[]): Server[] =>
  servers.filter(({ state }) => state !== "unknown");

/** Whether the server answered, if only to say no. */
export const passes = ({ state }: Server): boolean => ["works", "refused", "full"].includes(state);
