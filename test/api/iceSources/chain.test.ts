import { describe, expect, test } from "@jest/globals";
import { inOrder } from "../../../api/iceSources/chain.ts";
import type { IceGrant, IceSource } from "../../../api/iceSources/iceSource.ts";

const request = { turnId: "id", ttlSeconds: 60, now: new Date() };
const relay = (host: string): IceGrant => ({
  iceServers: [{ urls: [`turn:${host}`], username: "a", credential: "b" }],
  expiresAt: new Date(),
});
const stun: IceGrant = { iceServers: [{ urls: ["stun:s.org"] }] };

const giving = (name: string, grant: IceGrant, isFallback = false): IceSource => ({
  name,
  isFallback,
  ask: () => grant,
});
const failing = (name: string, isFallback = false): IceSource => ({
  name,
  isFallback,
  ask: () => Promise.reject(new Error(`${name} is broken`)),
});

const namesOf = async (sources: readonly IceSource[]) => {
  const { served, failed } = await inOrder(sources)(request);
  return { served: served.map((it) => it.source), failed: failed.map((it) => it.reason) };
};

test("what sources give comes in their order, whoever answers first", async () => {
  const slow = Promise.withResolvers<IceGrant>();
  const asked: string[] = [];
  const outcome = inOrder([
    { name: "slow", isFallback: false, ask: () => (asked.push("slow"), slow.promise) },
    { name: "quick", isFallback: false, ask: () => (asked.push("quick"), relay("quick.org")) },
  ])(request);
  // Both were asked while none had answered.
  expect(asked).toEqual(["slow", "quick"]);
  slow.resolve(relay("slow.org"));
  expect((await outcome).served).toEqual([
    { source: "slow", ...relay("slow.org"), expiresAt: expect.any(Date) },
    { source: "quick", ...relay("quick.org"), expiresAt: expect.any(Date) },
  ]);
});

test("a source that fails, or throws at once, leaves the others be", async () => {
  const throwing: IceSource = {
    name: "throws",
    isFallback: false,
    ask: () => {
      throw new Error("thrown");
    },
  };
  expect(await namesOf([failing("a"), giving("b", relay("b.org")), throwing])).toEqual({
    served: ["b"],
    failed: ["a is broken", "thrown"],
  });
});

describe("a fallback", () => {
  test("is not asked when there is a relay", async () => {
    const sources = [giving("own", relay("own.org")), failing("cloud"), failing("spare", true)];
    expect(await namesOf(sources)).toEqual({ served: ["own"], failed: ["cloud is broken"] });
  });

  test("is asked when there is STUN alone, and comes behind it", async () => {
    const sources = [giving("stun", stun), giving("spare", relay("spare.org"), true)];
    expect(await namesOf(sources)).toEqual({ served: ["stun", "spare"], failed: [] });
  });

  test("is asked when all before it failed, and the next one when it failed itself", async () => {
    const sources = [
      failing("own"),
      failing("spare", true),
      giving("second", relay("second.org"), true),
      giving("third", relay("third.org"), true),
    ];
    expect(await namesOf(sources)).toEqual({
      served: ["second"],
      failed: ["own is broken", "spare is broken"],
    });
  });

  test("serves without anything before it", async () => {
    expect(await namesOf([giving("spare", relay("spare.org"), true)])).toEqual({
      served: ["spare"],
      failed: [],
    });
  });
});

test("when nothing serves, every reason is told", async () => {
  expect(await namesOf([failing("a"), failing("b", true)])).toEqual({
    served: [],
    failed: ["a is broken", "b is broken"],
  });
});
