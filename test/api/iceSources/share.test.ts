import { expect, test } from "@jest/globals";
import type { Outcome } from "../../../api/iceSources/chain.ts";
import { SHARE_MS, shared } from "../../../api/iceSources/share.ts";

const start = Date.parse("2030-01-01T00:00:00Z");
const asking = (changed: { turnId?: string; ttlSeconds?: number; at?: number } = {}) => ({
  turnId: changed.turnId ?? "ann",
  ttlSeconds: changed.ttlSeconds ?? 60,
  now: new Date(start + (changed.at ?? 0)),
});

const relay: Outcome = {
  served: [
    { source: "own", iceServers: [{ urls: ["turn:a.org"], username: "a", credential: "b" }] },
  ],
  failed: [],
};

/** A chain that counts how often its sources are really asked. */
function counted(outcome: Outcome = relay) {
  const count = { asked: 0 };
  const chain = shared(async () => {
    count.asked += 1;
    return outcome;
  });
  return { count, chain };
}

test.each([
  { what: "at the same moment", second: asking(), isShared: true },
  { what: "just within 3 s", second: asking({ at: SHARE_MS - 1 }), isShared: true },
  { what: "after 3 s", second: asking({ at: SHARE_MS }), isShared: false },
  { what: "for another life", second: asking({ ttlSeconds: 61 }), isShared: false },
  { what: "for another user", second: asking({ turnId: "bob" }), isShared: false },
  { what: "before the first, by a clock set back", second: asking({ at: -1 }), isShared: false },
])("a second request $what shares: $isShared", async ({ second, isShared }) => {
  const { count, chain } = counted();
  expect(await chain.ask(asking())).toEqual({ ...relay, isShared: false });
  expect(await chain.ask(second)).toEqual({ ...relay, isShared });
  expect(count.asked).toBe(isShared ? 1 : 2);
});

test("sharing does not go on and on: 3 s count from the first request", async () => {
  const { count, chain } = counted();
  for (const at of [0, 2_000, 4_000, 5_000, 7_000]) {
    // oxlint-disable-next-line no-await-in-loop -- one after another
    await chain.ask(asking({ at }));
  }
  expect(count.asked).toBe(3);
});

test("requests that come while the sources are asked wait for the one answer", async () => {
  const answer = Promise.withResolvers<Outcome>();
  let asked = 0;
  const chain = shared(() => {
    asked += 1;
    return answer.promise;
  });
  const all = Promise.all([
    chain.ask(asking()),
    chain.ask(asking({ at: SHARE_MS * 2 })),
    chain.ask(asking({ turnId: "bob" })),
  ]);
  answer.resolve(relay);
  expect((await all).map((it) => it.isShared)).toEqual([false, true, false]);
  expect(asked).toBe(2);
});

test.each<{ what: string; outcome: Outcome }>([
  { what: "nothing", outcome: { served: [], failed: [{ source: "own", reason: "broken" }] } },
  {
    what: "STUN alone",
    outcome: { served: [{ source: "stun", iceServers: [{ urls: ["stun:a.org"] }] }], failed: [] },
  },
])("$what is not kept: the next request tries again", async ({ outcome }) => {
  const { count, chain } = counted(outcome);
  await chain.ask(asking());
  await chain.ask(asking());
  expect(count.asked).toBe(2);
});

test("a fault of the program reaches every waiting request, and is not kept", async () => {
  let asked = 0;
  const chain = shared(() => {
    asked += 1;
    return Promise.reject(new Error("a bug"));
  });
  const both = await Promise.allSettled([chain.ask(asking()), chain.ask(asking())]);
  expect(both.map((it) => it.status)).toEqual(["rejected", "rejected"]);
  await expect(chain.ask(asking())).rejects.toThrow("a bug");
  expect(asked).toBe(2);
});

test("no more than 2,000 answers are kept, the latest ones", async () => {
  const { count, chain } = counted();
  const users = Array.from({ length: 2_001 }, (_, index) => asking({ turnId: `user-${index}` }));
  await Promise.all(users.map((it) => chain.ask(it)));
  await chain.ask(asking({ turnId: "user-2000" }));
  expect(count.asked).toBe(2_001);
  await chain.ask(asking({ turnId: "user-0" }));
  expect(count.asked).toBe(2_002);
});
