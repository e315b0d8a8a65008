/** How the server ends what it asks elsewhere, so that whoever waits for it still gets an answer. */

/** From the word to stop; `stopGracefully` cuts off a second later. */
const LAST_ORDERS_MS = 3_000;

/** Why an asking ended before its time. */
export class ServerEnds extends Error {
  override readonly name = "ServerEnds";
  constructor() {
    super("given up, because the server ends");
  }
}

/** A signal that is aborted with `ServerEnds` 3 s after `stopping` is. */
export function lastOrders(stopping: AbortSignal): AbortSignal {
  const ending = new AbortController();
  const end = () => void setTimeout(() => ending.abort(new ServerEnds()), LAST_ORDERS_MS).unref();
  stopping.addEventListener("abort", end, { once: true });
  return ending.signal;
}

/** A `fetch` that this signal ends as well as its own, whether the head of the answer came or not. */
export const fetchUntil =
  (ending: AbortSignal, fetch: typeof globalThis.fetch): typeof globalThis.fetch =>
  (input, init) =>
    fetch(input, {
      ...init,
      signal: AbortSignal.any([ending, ...(init?.signal ? [init.signal] : [])]),
    });
