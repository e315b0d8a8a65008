import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { createHash } from "node:crypto";
import { decodeBase62, encodeBase62 } from "../../turn/base62.ts";
import { livekit } from "../../turn/livekit.ts";
import { participantId } from "../../turn/participantId.ts";

const key = { key: "TURN1", secret: "0123456789abcdef0123456789abcdef" };

test("a minted credential is the one LiveKit computes for itself", () => {
  expect(livekit.mint(key, "user-42", 1_893_456_000)).toEqual({
    username: "wADM2UDNzkDOxwnM00iclNXd8FjTSVFV",
    credential: "woLysyRIfSYpYLdjmGcRNOqQmOGoVnPfVefsYYZlsMOB",
  });
});

test("a user name parses back into key, participant id and expiry", () => {
  const part = fc.string({ minLength: 1, maxLength: 40 }).filter((it) => !it.includes("|"));
  fc.assert(
    fc.property(part, part, fc.nat(), (name, id, expiresAt) => {
      const { username } = livekit.mint({ ...key, key: name }, id, expiresAt);
      const parts = Buffer.from(decodeBase62(username)).toString().split("|");
      expect(parts).toEqual([name, id, String(expiresAt)]);
    }),
  );
});

const passwordOf = (secret: string, id: string, expiresAt: number, name = "TURN1") =>
  livekit.mint({ key: name, secret }, id, expiresAt).credential;

test("the password depends on secret, participant id and expiry, and not on the key's name", () => {
  const base = passwordOf("s1", "a", 1);
  expect(base).toBe(encodeBase62(createHash("sha256").update("s1|a|1").digest()));
  expect(passwordOf("s1", "a", 1, "TURN2")).toBe(base);
  const others = [passwordOf("s2", "a", 1), passwordOf("s1", "b", 1), passwordOf("s1", "a", 2)];
  expect(new Set([base, ...others]).size).toBe(4);
});

test.each([
  { name: "key", bad: "TURN|1", mint: () => livekit.mint({ ...key, key: "TURN|1" }, "a", 1) },
  { name: "participant id", bad: "a|b", mint: () => livekit.mint(key, "a|b", 1) },
])("a $name with a bar is refused, as it would make a fourth part", ({ bad, mint }) => {
  expect(mint).toThrow(`"${bad}" holds a "|"`);
});

describe("a participant id", () => {
  test("is 22 characters of base64url whatever the user id, so that a user name stays short", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2000 }), fc.string(), (userId, userIdKey) => {
        const id = participantId(userIdKey, userId);
        expect(id).toMatch(/^[\w-]{22}$/);
        expect(livekit.mint(key, id, 4_102_444_800).username.length).toBeLessThan(513);
      }),
    );
  });

  test("is the same each time for a user, and another for another user or stack", () => {
    const id = participantId("stack key", "ann");
    expect(participantId("stack key", "ann")).toBe(id);
    expect(participantId("stack key", "bob")).not.toBe(id);
    expect(participantId("another stack key", "ann")).not.toBe(id);
  });

  test("is the start of HMAC-SHA256 of the user id", () => {
    // RFC 4231, test case 2: key "Jefe".
    const digest = "5bdcc146bf60754e6a042426089575c7";
    const id = participantId("Jefe", "what do ya want for nothing?");
    expect(Buffer.from(id, "base64url").toString("hex")).toBe(digest);
  });
});
