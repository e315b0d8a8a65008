/** The keys that an issuer publishes (RFC 7517 section 5), kept and kept up to date. */
import { createLocalJWKSet, errors } from "jose";
import * as z from "zod";
import { boundedFetch, type Fetch, jsonOf, placeOf } from "./boundedFetch.ts";
import { RETRY_AFTER_SECONDS } from "./problems.ts";

/** A token may name a key that is not there at most this often, in seconds, before the issuer is asked again. */
export const UNKNOWN_KEY_COOLDOWN_SECONDS = 30;

const MAX_BYTES = 256 * 1024;

const KeySetDocument = z.object({ keys: z.array(z.record(z.string(), z.unknown())) });

type LocalKeys = ReturnType<typeof createLocalJWKSet>;

/** Finds the key of a token, as `jwtVerify` asks for it. */
type KeyFinder = (...asked: Parameters<LocalKeys>) => ReturnType<LocalKeys>;

export interface KeySetOptions {
  readonly url: string;
  readonly timeoutSeconds: number;
  /** How long keys are used without asking again. */
  readonly cacheSeconds: number;
  /** How much longer while the issuer cannot be asked. */
  readonly outageSeconds: number;
  readonly now: () => Date;
  readonly fetch: Fetch;
}

/** Hears why the issuer could not be asked. */
type OnProblem = (problem: unknown) => void;

/** The issuer could not be asked, and what is known of its keys does not do. */
export class KeysUnavailable extends Error {}

/**
 * Finds the key of a token, as jose's own remote set does, with three differences: time is an argument,
 * keys outlive an outage of the issuer, and an issuer that failed is left alone for a while, so that an
 * outage costs one time-out and not one per request. Throws `KeysUnavailable`, or jose's error when the
 * issuer publishes no such key.
 */
export function remoteKeySet(options: KeySetOptions): (onProblem: OnProblem) => KeyFinder {
  const seconds = () => options.now().getTime() / 1000;
  /** A clock that was set back makes old what it called young. */
  const isWithin = (length: number, since: number) =>
    seconds() >= since && seconds() < since + length;
  let known: { readonly keys: LocalKeys; readonly fetchedAt: number } | undefined;
  let failedAt = -Infinity;
  let underWay: Promise<boolean> | undefined;

  const load = async (onProblem: OnProblem): Promise<boolean> => {
    try {
      const { status, body } = await boundedFetch(options.fetch, {
        ...options,
        headers: {},
        maxBytes: MAX_BYTES,
        wantsBody: (it) => it === 200,
      });
      if (status !== 200) throw new Error(`${placeOf(options.url)} answered ${status}, wanted 200`);
      known = {
        keys: createLocalJWKSet(KeySetDocument.parse(jsonOf(body, options.url))),
        fetchedAt: seconds(),
      };
      return true;
    } catch (error) {
      failedAt = seconds();
      onProblem(error);
      return false;
    }
  };
  /** Whether the keys are those that the issuer publishes at this moment. */
  const refresh = (onProblem: OnProblem): Promise<boolean> => {
    if (isWithin(RETRY_AFTER_SECONDS, failedAt)) return Promise.resolve(false);
    underWay ??= load(onProblem).finally(() => (underWay = undefined));
    return underWay;
  };
  const isYounger = (age: number) => known !== undefined && isWithin(age, known.fetchedAt);

  return (onProblem) => async (header, token) => {
    if (!isYounger(options.cacheSeconds)) await refresh(onProblem);
    if (!known || !isYounger(options.cacheSeconds + options.outageSeconds))
      throw new KeysUnavailable();
    try {
      return await known.keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || isYounger(UNKNOWN_KEY_COOLDOWN_SECONDS))
        throw error;
      if (!(await refresh(onProblem))) throw new KeysUnavailable();
      return known.keys(header, token);
    }
  };
}
