/** Asks ICE sources in the order of the setting. */
import { haveRelay } from "./iceServers.ts";
import type { IceGrant, IceRequest, IceSource } from "./iceSource.ts";

/** What one source gave. */
export interface Served extends IceGrant {
  readonly source: string;
}

/** Why one source gave nothing. */
export interface Failed {
  readonly source: string;
  readonly reason: string;
}

/** What the sources gave, in their order, and which failed; sources not needed are in neither. */
export interface Outcome {
  readonly served: readonly Served[];
  readonly failed: readonly Failed[];
}

async function asked(source: IceSource, request: IceRequest): Promise<Served | Failed> {
  try {
    return { source: source.name, ...(await source.ask(request)) };
  } catch (error) {
    return { source: source.name, reason: error instanceof Error ? error.message : String(error) };
  }
}

const hasFailed = (it: Served | Failed): it is Failed => "reason" in it;
const hasServed = (it: Served | Failed): it is Served => !hasFailed(it);
const servesRelay = (it: Served | Failed) => hasServed(it) && haveRelay(it.iceServers);

/**
 * A question to all sources that are no fallbacks, side by side, then to one fallback after another
 * until one of them all has given a relay. It does not reject.
 */
export function inOrder(sources: readonly IceSource[]): (request: IceRequest) => Promise<Outcome> {
  const first = sources.filter((it) => !it.isFallback);
  const fallbacks = sources.filter((it) => it.isFallback);
  return async (request) => {
    const results = await Promise.all(first.map((it) => asked(it, request)));
    for (const it of fallbacks) {
      if (results.some(servesRelay)) break;
      // oxlint-disable-next-line no-await-in-loop -- the next is only asked if this one fails
      results.push(await asked(it, request));
    }
    return {
      served: results.filter(hasServed),
      failed: results.filter(hasFailed),
    };
  };
}
