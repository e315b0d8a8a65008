import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { livekit } from "../../turn/livekit.ts";
import { credentialSignature, parseUserName } from "../../verify/credentialSignature.ts";
import { turnKey } from "./stack.ts";

const EXPIRY = 1_893_456_000;

test("a LiveKit user name is taken apart into what it was made of", () => {
  const part = fc.stringMatching(/^[\w-]{1,20}$/);
  fc.assert(
    fc.property(part, part, fc.integer({ min: 1, max: 2 ** 33 }), (key, participant, expiry) => {
      const { username } = livekit.mint({ ...turnKey, key }, participant, expiry);
      expect(parseUserName(username)).toEqual({ key, participant, expiry });
    }),
    { numRuns: 100 },
  );
});

test.each(["1893456000:ann", "", "ann", "user@example"])("%j is no LiveKit user name", (username) =>
  expect(parseUserName(username)).toBeUndefined(),
);

test.each([
  { signedBy: turnKey, is: "stack-key" },
  { signedBy: { ...turnKey, secret: "x".repeat(40) }, is: "other-secret" },
  { signedBy: { ...turnKey, key: "TURN0" }, is: "other-key" },
])("a credential tells from what it was signed: $is", ({ signedBy, is }) => {
  expect(credentialSignature(livekit.mint(signedBy, "ann", EXPIRY), turnKey)).toBe(is);
});

test("nothing is told of another server's credential, or without the stack's key", () => {
  expect(credentialSignature({ username: "1:ann", credential: "x" }, turnKey)).toBeUndefined();
  expect(credentialSignature(livekit.mint(turnKey, "ann", EXPIRY), undefined)).toBeUndefined();
});
