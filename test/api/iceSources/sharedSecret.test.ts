import { expect, test } from "@jest/globals";
import { mintSharedSecret, sharedSecretSource } from "../../../api/iceSources/sharedSecret.ts";

// printf %s USERNAME | openssl dgst -sha1 -hmac SECRET -binary | base64
test.each([
  {
    secret: "0123456789abcdef",
    id: "user-42",
    end: 1_893_456_000,
    username: "1893456000:user-42",
    credential: "+htSfGSzl+oX8heKAA0dhRTgbQo=",
  },
  {
    secret: "north-wind-and-sun!",
    id: "Zm9vYmFyYmF6cXV4MTIzNA",
    end: 1_893_459_600,
    username: "1893459600:Zm9vYmFyYmF6cXV4MTIzNA",
    credential: "c1gL93iNeUqI9YR/TrY98R9UNto=",
  },
])("the credential of $username is the one openssl computes", ({ secret, id, end, ...wanted }) => {
  expect(mintSharedSecret(secret, id, end)).toEqual(wanted);
});

test("STUN stands alone, TURN has the credential, and its end is the one in the user name", () => {
  const ask = sharedSecretSource({
    kind: "shared-secret",
    urls: ["turn:t.example.org?transport=udp", "stun:t.example.org", "turns:t.example.org"],
    secret: "0123456789abcdef",
    fallback: false,
  });
  const grant = ask({ turnId: "user-42", ttlSeconds: 60, now: new Date("2029-12-31T23:59:00Z") });
  expect(grant).toEqual({
    iceServers: [
      { urls: ["stun:t.example.org"] },
      {
        urls: ["turn:t.example.org?transport=udp", "turns:t.example.org"],
        username: "1893456000:user-42",
        credential: "+htSfGSzl+oX8heKAA0dhRTgbQo=",
      },
    ],
    expiresAt: new Date("2030-01-01T00:00:00Z"),
  });
});
