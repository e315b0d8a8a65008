/** How long answers are good for, and when the API is asked again. */
import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { freshMs, lifeMs, serverTime } from "../../../client/ice/life.ts";
import { retryAfterMs, retryMs } from "../../../client/ice/retry.ts";

const HOUR = 3_600_000;
const reader = (headers: Record<string, string>) => (name: string) => headers[name] ?? null;
const NOON = "Tue, 01 Jan 2030 12:00:00 GMT";

describe("a credential lives", () => {
  const answer = { iceServers: [], ttl: 3600, expiresAt: "2030-01-01T13:00:00Z" };
  test.each([
    ["for its ttl where no Date can be read", {}, 3_600],
    ["for its ttl where the clocks of the answer agree", { date: NOON }, 3_600],
    [
      "until expiresAt by the API's clock when that is sooner",
      { date: "Tue, 01 Jan 2030 12:30:00 GMT" },
      1_800,
    ],
    ["never longer than its ttl", { date: "Tue, 01 Jan 2030 11:00:00 GMT" }, 3_600],
    ["for less when a cache kept the answer", { date: NOON, age: "600" }, 3_000],
    ["no longer for an Age that is none", { date: NOON, age: "-600" }, 3_600],
    ["for its ttl when Date is none", { date: "yesterday" }, 3_600],
  ])("%s", (_, headers: Record<string, string>, seconds) => {
    expect(lifeMs(answer, reader(headers), 60)).toBe(seconds * 1000);
  });

  test("as long as was asked for where the answer tells nothing", () => {
    expect(lifeMs({ iceServers: [] }, reader({ date: NOON }), 600)).toBe(600_000);
  });
});

test("an answer is used for half of its life at most, and never for more than 12 hours", () => {
  const cases = fc.tuple(
    fc.integer({ min: 10_000, max: 100 * HOUR }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  );
  fc.assert(
    fc.property(cases, ([life, random]) => {
      const fresh = freshMs(life, random);
      const most = Math.min(life / 2, 12 * HOUR);
      expect(fresh).toBeLessThanOrEqual(most);
      expect(fresh).toBeGreaterThanOrEqual(most * 0.9 - 1);
    }),
  );
  expect([freshMs(48 * HOUR, 0), freshMs(48 * HOUR, 1)]).toEqual([12 * HOUR, 10.8 * HOUR]);
});

test("the API's clock is its Date header", () => {
  expect(serverTime(reader({ date: NOON }))).toBe(Date.parse("2030-01-01T12:00:00Z"));
  expect(serverTime(reader({}))).toBeUndefined();
});

describe("Retry-After", () => {
  const now = Date.parse("2030-01-01T18:00:00Z");
  test.each<[string, Record<string, string>, number | undefined]>([
    ["none", {}, undefined],
    ["in seconds", { "retry-after": "7" }, 7_000],
    [
      "as a date, by the API's clock",
      { "retry-after": "Tue, 01 Jan 2030 12:00:09 GMT", date: NOON },
      9_000,
    ],
    [
      "as a date, by this machine's where there is no other",
      { "retry-after": "Tue, 01 Jan 2030 18:00:09 GMT" },
      9_000,
    ],
    ["in the past", { "retry-after": "Tue, 01 Jan 2030 11:00:00 GMT", date: NOON }, 0],
    ["longer than a day", { "retry-after": "9999999" }, 24 * HOUR],
    ["that is none", { "retry-after": "soon" }, undefined],
  ])("%s", (_, headers, expected) => {
    expect(retryAfterMs(reader(headers), now)).toBe(expected);
  });
});

describe("asking again", () => {
  test.each([
    [1, 500, 1_000],
    [2, 1_000, 2_000],
    [6, 16_000, 32_000],
    [7, 30_000, 60_000],
    [1_000, 30_000, 60_000],
  ])("after %d failures waits from %d to %d ms", (failures, least, most) => {
    expect([retryMs(failures, 0), retryMs(failures, 1)]).toEqual([least, most]);
  });

  test("is never sooner than the API wants", () => {
    expect([retryMs(1, 0, 20_000), retryMs(1, 1, 20_000)]).toEqual([20_000, 22_000]);
    expect(retryMs(7, 0, 20_000)).toBe(30_000);
  });
});
