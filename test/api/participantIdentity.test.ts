import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { participantIdentity } from "../../api/participantIdentity.ts";

test.each([
  { user: "ann", requested: undefined, identity: "ann" },
  { user: "ann", requested: "ann", identity: "ann" },
  { user: "ann", requested: "phone", identity: "ann#phone" },
  { user: "ann", requested: "bob", identity: "ann#bob" },
  { user: "a#b", requested: undefined, identity: "a%23b" },
  { user: "a", requested: "b#c", identity: "a#b%23c" },
  { user: "100%", requested: "%23", identity: "100%25#%2523" },
])("$user asking for $requested is $identity", ({ user, requested, identity }) => {
  expect(participantIdentity(user, requested)).toBe(identity);
});

/** Asking for one's own id is the same as asking for nothing. */
const device = (user: string, asked?: string) => (asked === user ? undefined : asked);

test("two identities are equal only for the same user and the same device", () => {
  const part = fc.string({ unit: fc.constantFrom("a", "#", "%", "2", "3", "5"), maxLength: 6 });
  const requested = fc.option(part, { nil: undefined });
  fc.assert(
    fc.property(part, requested, part, requested, (userA, askedA, userB, askedB) => {
      const same = userA === userB && device(userA, askedA) === device(userB, askedB);
      const equal = participantIdentity(userA, askedA) === participantIdentity(userB, askedB);
      expect(equal).toBe(same);
    }),
    { numRuns: 2000 },
  );
});
