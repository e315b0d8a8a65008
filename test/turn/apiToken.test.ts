import { describe, expect, test } from "@jest/globals";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { API_TOKEN, signApiToken, verifyApiToken } from "../../turn/apiToken.ts";

const secret = "0123456789abcdef0123456789abcdef";
const now = new Date("2030-01-01T00:00:00Z");
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

test("a token names issuer, audience, subject, beginning and end, and is signed with HS256", async () => {
  const token = await signApiToken(secret, { subject: "ann", ttlSeconds: 600, now });
  expect(decodeProtectedHeader(token)).toEqual({ alg: "HS256", typ: "JWT" });
  expect(decodeJwt(token)).toEqual({
    iss: API_TOKEN.issuer,
    aud: API_TOKEN.audience,
    sub: "ann",
    iat: 1_893_456_000,
    exp: 1_893_456_600,
  });
});

describe("a token of ten minutes", () => {
  const signed = signApiToken(secret, { subject: "ann", ttlSeconds: 600, now });

  test("names its subject until its last second", async () => {
    await expect(verifyApiToken(secret, await signed, later(599))).resolves.toBe("ann");
  });

  test("is refused from its expiry on", async () => {
    await expect(verifyApiToken(secret, await signed, later(600))).rejects.toThrow("exp");
  });

  test("is refused under another secret", async () => {
    const other = "another secret, of thirty-two chars";
    await expect(verifyApiToken(other, await signed, now)).rejects.toThrow("signature");
  });
});

test("a token for nobody is refused", async () => {
  const token = await signApiToken(secret, { subject: "", ttlSeconds: 600, now });
  await expect(verifyApiToken(secret, token, now)).rejects.toThrow("subject is empty");
});
