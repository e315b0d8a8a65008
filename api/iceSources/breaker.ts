/** Keeps a slow or broken service from holding up answers. */
import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
} from "cockatiel";
import { type AskSource, type IceGrant, type IceRequest, SourceError } from "./iceSource.ts";

/** After as many failures in a row a service is left alone for a while; then one request tries it. */
export const FAILURES_IN_A_ROW = 3;
export const PAUSE_MS = 30_000;

/** What one user's own wish brought about takes the service from nobody else. */
const isOfService = (error: unknown) => !(error instanceof SourceError && error.ofRequest);

/** Rejects at the end of the time, whatever the asking does about its signal. */
function inTime(ask: AskSource, request: IceRequest, timeoutMs: number): Promise<IceGrant> {
  const signal = AbortSignal.timeout(timeoutMs);
  const tooLate = new Promise<never>((_resolve, reject) => {
    const fail = () => reject(new SourceError(`gave no answer within ${timeoutMs} ms`));
    signal.addEventListener("abort", fail, { once: true });
  });
  return Promise.race([ask(request, signal), tooLate]);
}

/** A service with a time-out and a circuit breaker around it; failures `ofRequest` do not count. */
export function withBreaker(
  ask: AskSource,
  timeoutMs: number,
): (request: IceRequest) => Promise<IceGrant> {
  const breaker = circuitBreaker(handleWhen(isOfService), {
    halfOpenAfter: PAUSE_MS,
    breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW),
  });
  const left = () =>
    new SourceError(`left alone for ${PAUSE_MS / 1000} s after ${FAILURES_IN_A_ROW} failures`);
  return async (request) => {
    // cockatiel lets others wait for the trial's end before their own turn: two time-outs for them.
    if (breaker.state === CircuitState.HalfOpen) throw left();
    try {
      return await breaker.execute(() => inTime(ask, request, timeoutMs));
    } catch (error) {
      throw error instanceof BrokenCircuitError ? left() : error;
    }
  };
}
