import type { Check } from "./check.ts";

/** Credentials last a minute at least, and LiveKit judges by its own clock when they end. */
const MOST_APART_MS = 60_000;

/** Compares our clock with LiveKit's, at one moment; undefined is a clock that nobody told. */
export function checkClock(ours: Date, livekits: Date | undefined): Check {
  if (livekits === undefined) return { ok: false, detail: "LiveKit's clock is not known" };
  const apartMs = ours.getTime() - livekits.getTime();
  if (Math.abs(apartMs) <= MOST_APART_MS)
    return { ok: true, detail: "the clock agrees with LiveKit's" };
  const seconds = Math.round(Math.abs(apartMs) / 1000);
  const way = apartMs > 0 ? "ahead of" : "behind";
  return { ok: false, detail: `the clock is ${seconds} s ${way} LiveKit's` };
}
