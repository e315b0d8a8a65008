import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { readChoices, writeChoices } from "../../client/demo/choices.ts";

test.each([
  { query: "", read: { room: "made-up", way: "sfu", relayOnly: false, join: false } },
  {
    query: "?room=a&way=direct&relay=1&join=1",
    read: { room: "a", way: "direct", relayOnly: true, join: true },
  },
  { query: "?room=&way=other&relay=yes&join=", read: { room: "made-up", way: "sfu" } },
  { query: "?room=a%2Fb%20c%3C%3E", read: { room: "abc" } },
  { query: `?room=${"x".repeat(99)}`, read: { room: "x".repeat(64) } },
])("$query is read", ({ query, read }) => {
  expect(readChoices(query, "made-up")).toMatchObject(read);
});

test("what is written is read again", () => {
  const choices = fc.record({
    room: fc.stringMatching(/^[\w-]{1,64}$/),
    way: fc.constantFrom("sfu" as const, "direct" as const),
    relayOnly: fc.boolean(),
    join: fc.boolean(),
  });
  fc.assert(
    fc.property(choices, (it) => expect(readChoices(writeChoices(it), "made-up")).toEqual(it)),
  );
});
