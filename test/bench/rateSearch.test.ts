import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { searchRate } from "../../bench/relay/rateSearch.ts";

const RANGE = { least: 500, most: 1_000_000 } as const;

/** The search over something that carries rates up to `limit`, and how often it was tried. */
async function search(limit: number, from: number) {
  const tried: number[] = [];
  const found = await searchRate(
    (rate) => {
      tried.push(rate);
      return Promise.resolve(rate <= limit);
    },
    { from, ...RANGE },
  );
  return { found, tried };
}

test("the rate found holds, and one a little higher does not", async () => {
  const rate = fc.double({ min: RANGE.least, max: RANGE.most, noNaN: true });
  await fc.assert(
    fc.asyncProperty(rate, rate, async (limit, from) => {
      const { found, tried } = await search(limit, from);
      expect(found).toBeLessThanOrEqual(limit);
      expect(found * 1.041).toBeGreaterThan(limit);
      expect(tried).toContain(found);
    }),
  );
});

test("few tries are needed next to the answer", async () => {
  const { tried } = await search(51_000, 50_000);
  expect(tried.length).toBeLessThanOrEqual(6);
});

test("what carries nothing has no rate, and what carries everything the highest", async () => {
  expect((await search(0, 20_000)).found).toBe(0);
  expect((await search(Number.POSITIVE_INFINITY, 20_000)).found).toBe(RANGE.most);
});
