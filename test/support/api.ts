/** An API application for tests: fixed clock, known secrets, log lines kept. */
import { SignJWT } from "jose";
import { type ApiDeps, type ApiOptions, buildApp } from "../../api/app.ts";
import { iceChainOf } from "../../api/iceSources/iceChainOf.ts";
import type { OwnTurn } from "../../api/iceSources/livekit.ts";
import { createMetrics } from "../../api/metrics/metrics.ts";
import { securitySchemes } from "../../api/openapi/securitySchemes.ts";
import { readinessOf } from "../../api/readiness/readiness.ts";
import { jwtSignIn } from "../../api/signIn/jwt.ts";
import { API_TOKEN, signApiToken } from "../../turn/apiToken.ts";
import { livekit } from "../../turn/livekit.ts";
import { defaultGrants } from "../../turn/roomGrants.ts";

export const NOW = new Date("2030-01-01T00:00:00Z");
const now = () => NOW;

/** Unlike anything else, so that a search finds every place they leak to. */
export const secrets = {
  apiJwtSecret: "canary-jwt-secret-0123456789abcdef",
  userIdKey: "canary-user-id-key-0123456789abcdef",
  roomKey: { key: "ROOM1", secret: "canary-room-secret-0123456789abcdef" },
  turnKey: { key: "TURN1", secret: "canary-turn-secret-0123456789abcdef" },
};

/** The stack's own TURN server, as credentials for it are made. */
export const ownTurn: OwnTurn = {
  engine: livekit,
  turnKey: secrets.turnKey,
  iceUrls: [
    "stun:127.0.0.1:443",
    "turn:127.0.0.1:443?transport=udp",
    "turns:127.0.0.1:5349?transport=tcp",
  ],
};

/** The chain of a deployment that has no other source than its own TURN server. */
export const ownIceSources = (own: OwnTurn) =>
  iceChainOf([{ kind: "livekit", fallback: false }], { ownTurn: own, fetch });

/** Builds an application and a list that its log lines go to. */
export function testApi(changed: Partial<ApiDeps> = {}, options: ApiOptions = {}) {
  const { apiJwtSecret, ...keys } = secrets;
  const logLines: string[] = [];
  const app = buildApp(
    {
      ...keys,
      signIn: jwtSignIn({ ...API_TOKEN, secret: apiJwtSecret, now, origins: [] }),
      iceSources: ownIceSources(ownTurn),
      keyGeneration: 1,
      credentialTtlSeconds: 3600,
      livekitUrl: "ws://127.0.0.1:7880",
      roomTokenTtlSeconds: 600,
      grants: defaultGrants,
      now,
      randomId: () => "random",
      securitySchemes: securitySchemes({ kind: "jwt", ...API_TOKEN, userClaim: "sub" }),
      userRequestsPerMinute: 10_000,
      addressRequestsPerMinute: 10_000,
      corsOrigins: [],
      // Nothing listens on the first port.
      readiness: readinessOf({ livekitHttpUrl: "http://127.0.0.1:1", now }),
      metrics: createMetrics(),
      ...changed,
    },
    { logTo: { write: (line) => void logLines.push(line) }, ...options },
  );
  return { app, logLines };
}

/** The header of a user who is signed in. */
export const signedIn = async (subject: string) => ({
  authorization: `Bearer ${await signApiToken(secrets.apiJwtSecret, { subject, ttlSeconds: 60, now: NOW })}`,
});

/** Claims of a token that the API accepts, to spoil one at a time. Seconds are Unix time. */
export const goodClaims = {
  iss: API_TOKEN.issuer as string,
  aud: API_TOKEN.audience as string,
  sub: "ann",
  exp: NOW.getTime() / 1000 + 60,
};

/** Signs any claims with any algorithm and secret. */
export const signAny = (
  claims: Record<string, unknown>,
  alg = "HS256",
  secret = secrets.apiJwtSecret,
) => new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));
