/** The bearer tokens that Turnkey signs itself: those of `npm run token` and those of verify. */
import { decodeProtectedHeader, errors, jwtVerify, SignJWT, type JWTPayload } from "jose";

/** Signatures made with a secret that both ends know (RFC 7518 section 3.2). */
export const sharedSecretAlgorithms = ["HS256", "HS384", "HS512"] as const;

/** How API tokens look. The algorithm is pinned: a token never chooses how it is checked. */
export interface ApiTokenForm {
  readonly algorithm: (typeof sharedSecretAlgorithms)[number];
  readonly issuer: string;
  readonly audience: string;
  /** Claim that holds the user's id. */
  readonly userClaim: string;
}

/** What API tokens claim unless the settings (`api.signIn`) say otherwise, and verify's always. */
export const API_TOKEN = {
  algorithm: "HS256",
  issuer: "turnkey",
  audience: "turnkey-api",
  userClaim: "sub",
} as const satisfies ApiTokenForm;

/** The user that verify is, and nobody else can be. */
export const VERIFY_SUBJECT = "turnkey-verify";

/** The key id (RFC 7515 section 4.1.4) that says: check this token with the verifier key, and with no other. */
const VERIFIER_KEY_ID = "turnkey-verifier";

/** How long a token is for. `now` is the moment of signing. */
interface Life {
  readonly ttlSeconds: number;
  readonly now: Date;
}

/** Whom a token is for and how long. */
export interface ApiTokenClaims extends Life {
  readonly subject: string;
}

const bytes = (secret: string) => new TextEncoder().encode(secret);
const unixSeconds = (date: Date) => Math.floor(date.getTime() / 1000);

function sign(
  secret: string,
  { subject, ttlSeconds, now }: ApiTokenClaims,
  { algorithm, issuer, audience, userClaim }: ApiTokenForm,
  header: { readonly kid?: string } = {},
): Promise<string> {
  const issuedAt = unixSeconds(now);
  return new SignJWT({ [userClaim]: subject })
    .setProtectedHeader({ alg: algorithm, typ: "JWT", ...header })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ttlSeconds)
    .sign(bytes(secret));
}

/** Signs a compact JWT (RFC 7519) with `iss`, `aud`, the user's id, `iat` and `exp`. */
export const signApiToken = (
  secret: string,
  claims: ApiTokenClaims,
  form: ApiTokenForm = API_TOKEN,
): Promise<string> => sign(secret, claims, form);

/**
 * The claims of a valid token. Rejects with one of jose's errors when the signature, algorithm, issuer
 * or audience is wrong, when `exp` or the user's id is missing, or when `now` lies outside `nbf`..`exp`.
 */
export async function verifyApiToken(
  secret: string,
  token: string,
  now: Date,
  { algorithm, issuer, audience, userClaim }: ApiTokenForm = API_TOKEN,
): Promise<JWTPayload> {
  const { payload } = await jwtVerify(token, bytes(secret), {
    algorithms: [algorithm],
    issuer,
    audience,
    requiredClaims: ["exp", userClaim],
    currentDate: now,
  });
  return payload;
}

/** Signs a token of verify with the key that only verify and the API have. */
export const signVerifierToken = (verifierKey: string, life: Life): Promise<string> =>
  sign(verifierKey, { ...life, subject: VERIFY_SUBJECT }, API_TOKEN, { kid: VERIFIER_KEY_ID });

/** Whether a token says it is one of verify's; nothing is checked. */
export function claimsToBeVerifier(token: string): boolean {
  try {
    return decodeProtectedHeader(token).kid === VERIFIER_KEY_ID;
  } catch {
    return false; // no JWS at all
  }
}

/** Resolves when a token is valid, made with the verifier key and for verify; else rejects as `verifyApiToken`. */
export async function verifyVerifierToken(
  verifierKey: string,
  token: string,
  now: Date,
): Promise<typeof VERIFY_SUBJECT> {
  const claims = await verifyApiToken(verifierKey, token, now);
  if (claims.sub !== VERIFY_SUBJECT)
    throw new errors.JWTClaimValidationFailed(
      "not verify's subject",
      claims,
      "sub",
      "check_failed",
    );
  return VERIFY_SUBJECT;
}
