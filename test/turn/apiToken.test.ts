import { describe, expect, test } from "@jest/globals";
import { decodeJwt, decodeProtectedHeader } from "jose";
import {
  API_TOKEN,
  claimsToBeVerifier,
  signApiToken,
  signVerifierToken,
  verifyApiToken,
  verifyVerifierToken,
} from "../../turn/apiToken.ts";

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

test("a token looks as the settings of the sign-in say", async () => {
  const form = { algorithm: "HS384", issuer: "us", audience: "calls", userClaim: "uid" } as const;
  const token = await signApiToken(secret, { subject: "ann", ttlSeconds: 600, now }, form);
  expect(decodeProtectedHeader(token).alg).toBe("HS384");
  expect(decodeJwt(token)).toMatchObject({ iss: "us", aud: "calls", uid: "ann" });
  await expect(verifyApiToken(secret, token, now, form)).resolves.toHaveProperty("uid", "ann");
  await expect(verifyApiToken(secret, token, now)).rejects.toThrow("alg");
});

describe("a token of ten minutes", () => {
  const signed = signApiToken(secret, { subject: "ann", ttlSeconds: 600, now });

  test("names its subject until its last second", async () => {
    await expect(verifyApiToken(secret, await signed, later(599))).resolves.toHaveProperty(
      "sub",
      "ann",
    );
  });

  test("is refused from its expiry on", async () => {
    await expect(verifyApiToken(secret, await signed, later(600))).rejects.toThrow("exp");
  });

  test("is refused under another secret", async () => {
    const other = "another secret, of thirty-two chars";
    await expect(verifyApiToken(other, await signed, now)).rejects.toThrow("signature");
  });

  test("is none of verify's", async () => {
    expect(claimsToBeVerifier(await signed)).toBe(false);
    await expect(verifyVerifierToken(secret, await signed, now)).rejects.toThrow("subject");
  });
});

describe("a token of verify's", () => {
  const signed = signVerifierToken(secret, { ttlSeconds: 600, now });

  test("says so by its key id, and is for verify alone", async () => {
    expect(decodeProtectedHeader(await signed)).toEqual({
      alg: "HS256",
      typ: "JWT",
      kid: "turnkey-verifier",
    });
    expect(claimsToBeVerifier(await signed)).toBe(true);
    await expect(verifyVerifierToken(secret, await signed, later(599))).resolves.toBe(
      "turnkey-verify",
    );
  });

  test("is refused from its expiry on, and under another key", async () => {
    await expect(verifyVerifierToken(secret, await signed, later(600))).rejects.toThrow("exp");
    const other = "another secret, of thirty-two chars";
    await expect(verifyVerifierToken(other, await signed, now)).rejects.toThrow("signature");
  });
});

test.each(["", "a.b.c", "a", ".."])("%j is no token of verify's", (text) => {
  expect(claimsToBeVerifier(text)).toBe(false);
});
