/** Lets requests of one user that come together share what the sources gave. */
import { LRUCache } from "lru-cache";
import type { Outcome } from "./chain.ts";
import { haveRelay } from "./iceServers.ts";
import type { IceRequest } from "./iceSource.ts";

/** A tab that reloads and a client that retries come within it; a credential is hardly older for it. */
export const SHARE_MS = 3_000;
const MOST_SHARED = 2_000;

/** `isShared` says that this answer was given to another request as well, which wrote the log. */
export interface SharedOutcome extends Outcome {
  readonly isShared: boolean;
}

/** All sources of the deployment, asked as one. */
export interface IceChain {
  ask(request: IceRequest): Promise<SharedOutcome>;
}

interface Recent {
  readonly at: number;
  readonly outcome: Outcome;
}

/**
 * Requests for one TURN id and one life share an answer: those that come while the sources are asked,
 * and those that come within 3 s from then on, if there was a relay in it. At most 2,000 are kept.
 */
export function shared(ask: (request: IceRequest) => Promise<Outcome>): IceChain {
  const underWay = new Map<string, Promise<Outcome>>();
  const recent = new LRUCache<string, Recent>({ max: MOST_SHARED });

  const askOnce = async (key: string, request: IceRequest): Promise<Outcome> => {
    try {
      const outcome = await ask(request);
      if (outcome.served.some((it) => haveRelay(it.iceServers)))
        recent.set(key, { at: request.now.getTime(), outcome });
      return outcome;
    } finally {
      underWay.delete(key);
    }
  };

  return {
    async ask(request) {
      const key = `${request.turnId} ${request.ttlSeconds}`;
      const last = recent.get(key);
      const age = last ? request.now.getTime() - last.at : -1;
      if (last && age >= 0 && age < SHARE_MS) return { ...last.outcome, isShared: true };
      const flight = underWay.get(key);
      if (flight) return { ...(await flight), isShared: true };
      const started = askOnce(key, request);
      underWay.set(key, started);
      return { ...(await started), isShared: false };
    },
  };
}
