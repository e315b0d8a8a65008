/** The bearer token of the API: signed by `npm run token` and verify, checked by the API. */
import { jwtVerify, SignJWT } from "jose";

/** What every API token claims. The algorithm is pinned: a token never chooses how it is checked. */
export const API_TOKEN = {
  algorithm: "HS256",
  issuer: "turnkey",
  audience: "turnkey-api",
} as const;

/** The subject verify signs its own tokens for. */
export const VERIFY_SUBJECT = "turnkey-verify";

/** Whom a token is for and how long. `now` is the moment of signing. */
export interface ApiTokenClaims {
  readonly subject: string;
  readonly ttlSeconds: number;
  readonly now: Date;
}

const bytes = (secret: string) => new TextEncoder().encode(secret);
const unixSeconds = (date: Date) => Math.floor(date.getTime() / 1000);

/** Signs a compact JWT (RFC 7519) with `iss`, `aud`, `sub`, `iat` and `exp`. */
export function signApiToken(
  secret: string,
  { subject, ttlSeconds, now }: ApiTokenClaims,
): Promise<string> {
  const issuedAt = unixSeconds(now);
  return new SignJWT()
    .setProtectedHeader({ alg: API_TOKEN.algorithm, typ: "JWT" })
    .setIssuer(API_TOKEN.issuer)
    .setAudience(API_TOKEN.audience)
    .setSubject(subject)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ttlSeconds)
    .sign(bytes(secret));
}

/**
 * The subject of a valid token. Rejects with one of jose's errors when the signature, algorithm,
 * issuer or audience is wrong, when `exp` or `sub` is missing, or when `now` lies outside `nbf`..`exp`.
 */
export async function verifyApiToken(secret: string, token: string, now: Date): Promise<string> {
  const { payload } = await jwtVerify(token, bytes(secret), {
    algorithms: [API_TOKEN.algorithm],
    issuer: API_TOKEN.issuer,
    audience: API_TOKEN.audience,
    requiredClaims: ["exp", "sub"],
    currentDate: now,
  });
  if (!payload.sub) throw new Error("the token's subject is empty");
  return payload.sub;
}
