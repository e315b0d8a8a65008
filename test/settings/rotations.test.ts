import { describe, expect, test } from "@jest/globals";
import {
  earliestRotation,
  isoDate,
  keyGeneration,
  keyGenerations,
  revokedProblems,
  rotationProblems,
} from "../../settings/rotations.ts";

const HOUR = 3_600;

const settings = (
  rotations: readonly string[],
  credentialTtlSeconds = 24 * HOUR,
  roomToken = HOUR,
  revoked: readonly number[] = [],
) => ({
  keys: { rotations, revoked },
  turn: { credentialTtlSeconds },
  api: { roomTokenTtlSeconds: roomToken },
});

describe("a date is understood as Pulumi hands it over", () => {
  test.each([
    ["2026-11-22 00:00:00 +0000 UTC", "2026-11-22T00:00:00Z"],
    ["2026-11-22 04:05:06 +0000 UTC", "2026-11-22T04:05:06Z"],
    ["2026-11-22 04:05:06.25 +0000 UTC", "2026-11-22T04:05:06.25Z"],
    ["2026-11-22 04:05:06 +0200 +0200", "2026-11-22T04:05:06+02:00"],
    ["2026-11-22 04:05:06 -0330 NDT", "2026-11-22T04:05:06-03:30"],
    ["2026-11-22 04:05:06", "2026-11-22T04:05:06Z"],
    ["2026-11-22", "2026-11-22"],
    ["2026-11-22T04:05:06Z", "2026-11-22T04:05:06Z"],
    ["yesterday", "yesterday"],
  ])("%s", (given, wanted) => expect(isoDate(given)).toBe(wanted));
});

test("each date is a generation, whatever the clock says", () => {
  expect(keyGeneration(settings([]))).toBe(1);
  expect(keyGeneration(settings(["2026-11-22", "2999-01-01"]))).toBe(3);
});

/** With the generations that are revoked. */
const revoking = (rotations: readonly string[], ...revoked: number[]) =>
  settings(rotations, 24 * HOUR, HOUR, revoked);

describe("two generations are valid, without those that are revoked", () => {
  test.each([
    [revoking([]), [1]],
    [revoking(["2026-11-22"]), [2, 1]],
    [revoking(["2026-11-22"], 1), [2]],
    [revoking(["2026-11-22", "2026-11-24"], 1), [3, 2]],
    [revoking(["2026-11-22", "2026-11-24"], 2), [3]],
  ])("%j", (it, wanted) => expect(keyGenerations(it)).toEqual(wanted));
});

describe("revoked can be what is not in use and was made", () => {
  test.each([
    [revoking([]), []],
    [revoking(["2026-11-22", "2026-11-24"], 1, 2), []],
    [
      revoking([], 1),
      [
        {
          index: 0,
          given: 1,
          wanted:
            "none: the keys of generation 1 are the current ones, and only npm run revoke puts others in their place first",
        },
      ],
    ],
    [
      revoking(["2026-11-22", "2026-11-24"], 1, 3, 4),
      [3, 4].map((given, at) => ({
        index: at + 1,
        given,
        wanted:
          "1 to 2: the keys of generation 3 are the current ones, and only npm run revoke puts others in their place first",
      })),
    ],
  ])("%j", (it, wanted) => expect(revokedProblems(it)).toEqual(wanted));
});

describe("the next rotation may be when what the last key made has ended", () => {
  test.each([
    [settings([]), undefined],
    [settings(["2026-11-01", "2026-11-22"]), "2026-11-23T00:00:00.000Z"],
    [settings(["2026-11-22T10:00:00+02:00"], HOUR), "2026-11-22T09:00:00.000Z"],
    [settings(["2026-11-22T10:00:00Z"], HOUR, 2 * HOUR), "2026-11-22T12:00:00.000Z"],
    [revoking(["2026-11-01", "2026-11-22"], 2), undefined],
    [revoking(["2026-11-01", "2026-11-22"], 1), "2026-11-23T00:00:00.000Z"],
  ])("%j", (it, wanted) => expect(earliestRotation(it)?.toISOString()).toBe(wanted));
});

describe("dates that stand too early are named by their place, with the earliest possible", () => {
  test.each([
    [settings(["2026-11-22", "2026-11-23"]), []],
    // What the second date ends is revoked, or what it replaces.
    [revoking(["2026-11-22T00:00:00Z", "2026-11-22T00:00:01Z"], 1), []],
    [revoking(["2026-11-22T00:00:00Z", "2026-11-22T00:00:01Z"], 2), []],
    [
      revoking(["2026-11-20", "2026-11-22", "2026-11-22T01:00:00Z"], 1),
      [
        {
          index: 2,
          given: "2026-11-22T01:00:00Z",
          wanted:
            "2026-11-23T00:00:00Z or later: what the keys before it made lives for 86400 s (turn.credentialTtlSeconds)",
        },
      ],
    ],
    [
      revoking(["2026-11-22", "2026-11-20"], 1),
      [
        {
          index: 1,
          given: "2026-11-20",
          wanted: "2026-11-22T00:00:01Z or later: dates stand oldest first",
        },
      ],
    ],
    [
      settings(["2026-11-22T00:00:00Z", "2026-11-22T23:59:59Z"]),
      [
        {
          index: 1,
          given: "2026-11-22T23:59:59Z",
          wanted:
            "2026-11-23T00:00:00Z or later: what the keys before it made lives for 86400 s (turn.credentialTtlSeconds)",
        },
      ],
    ],
    [
      settings(["2026-11-20", "2026-11-22", "2026-11-22T01:00:00Z"], 60, 2 * HOUR),
      [
        {
          index: 2,
          given: "2026-11-22T01:00:00Z",
          wanted:
            "2026-11-22T02:00:00Z or later: what the keys before it made lives for 7200 s (api.roomTokenTtlSeconds)",
        },
      ],
    ],
    [
      settings(["2026-11-22", "2026-11-20"]),
      [
        {
          index: 1,
          given: "2026-11-20",
          wanted: "2026-11-23T00:00:00Z or later: dates stand oldest first",
        },
      ],
    ],
    [
      settings(["2026-11-22", "2026-11-22T00:00:00Z"]),
      [
        {
          index: 1,
          given: "2026-11-22T00:00:00Z",
          wanted: "2026-11-23T00:00:00Z or later: the date before it is the same",
        },
      ],
    ],
    [
      settings(["2026-11-22T00:00:00.001Z", "2026-11-22T00:00:30Z"], 60, 60),
      [
        {
          index: 1,
          given: "2026-11-22T00:00:30Z",
          wanted:
            "2026-11-22T00:01:01Z or later: what the keys before it made lives for 60 s (turn.credentialTtlSeconds)",
        },
      ],
    ],
  ])("%j", (it, wanted) => expect(rotationProblems(it)).toEqual(wanted));
});
