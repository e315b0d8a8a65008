import type { GatheredUrl } from "./measured.ts";
import { describeMs } from "./numbers.ts";
import { isStun, urlState, type UrlState } from "./urlState.ts";

const failures = {
  refused: "refused the credential",
  full: "has no relay left",
  unknown: "name not found",
  broken: "connection broken off",
} satisfies Record<Exclude<UrlState, "works" | "silent">, string>;

/** What one URL gave, in a few words: `a relay address after 42 ms`, `no answer within 8.0 s`. */
export function describeUrl(gathered: GatheredUrl): string {
  const state = urlState(gathered);
  const { url, found, errors, tookMs } = gathered;
  if (state === "silent") return `no answer within ${describeMs(tookMs)}`;
  if (state !== "works") {
    const last = errors.at(-1);
    if (!last) return `no address after ${describeMs(tookMs)}, and no reason`;
    return `${failures[state]} after ${describeMs(last.afterMs)} (${last.code})`;
  }
  const kind = isStun(url) ? "srflx" : "relay";
  const first = found.find((it) => it.kind === kind);
  if (!first) return "an answer: your own address";
  return `${kind === "relay" ? "a relay address" : "your public address"} after ${describeMs(first.afterMs)}`;
}
