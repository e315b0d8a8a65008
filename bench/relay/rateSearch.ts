/** Finds the highest rate that holds. */

/** Rates, in whatever unit. */
export interface RateSearch {
  /** Where to begin: what is near the answer saves tries. */
  readonly from: number;
  /** No rate below or above is tried. */
  readonly least: number;
  readonly most: number;
}

/** Steps until one rate holds and one does not. */
const STEP = 1.4;
/** The answer is within this factor of a rate that does not hold. */
const CLOSE = 1.04;

/** The highest rate that `holds`, `most` when all do, 0 when not even `least` does. */
export async function searchRate(
  holds: (rate: number) => Promise<boolean>,
  { from, least, most }: RateSearch,
): Promise<number> {
  const within = (rate: number) => Math.min(Math.max(rate, least), most);
  let held = 0;
  let failed = Number.POSITIVE_INFINITY;
  for (let rate = within(from); ;) {
    // oxlint-disable-next-line no-await-in-loop -- each rate follows from the one before
    if (await holds(rate)) held = rate;
    else failed = rate;
    if (held === most || failed === least || failed / held <= CLOSE) return held;
    if (held === 0) rate = within(rate / STEP);
    else if (failed === Number.POSITIVE_INFINITY) rate = within(rate * STEP);
    else rate = Math.sqrt(held * failed);
  }
}
