const MINUTE_MS = 60_000;

/**
 * A limit of `most` in any minute, for all callers together. Asked at a moment, it takes one and gives
 * 0, or gives the whole seconds until there is one again.
 */
export function perMinute(most: number): (now: Date) => number {
  let taken: number[] = [];
  return (now) => {
    const at = now.getTime();
    taken = taken.filter((it) => at - it < MINUTE_MS);
    const [oldest] = taken;
    if (oldest !== undefined && taken.length >= most)
      return Math.ceil((oldest + MINUTE_MS - at) / 1000);
    taken.push(at);
    return 0;
  };
}
