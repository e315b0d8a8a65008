/** An environment of the API, for tests to change. */
import type { ApiEnv } from "../../turn/apiEnv.ts";
import { RoomGrants } from "../../turn/roomGrants.ts";

export const sampleEnv: ApiEnv = {
  HOST: "127.0.0.1",
  PORT: 7890,
  METRICS_HOST: "127.0.0.1",
  METRICS_PORT: 7891,
  LIVEKIT_HTTP_URL: "http://127.0.0.1:7880",
  LIVEKIT_URL: "ws://127.0.0.1:7880",
  ICE_URLS: ["stun:127.0.0.1:443", "turn:[::1]:443?transport=udp"],
  CREDENTIAL_TTL_SECONDS: 86_400,
  ROOM_TOKEN_TTL_SECONDS: 600,
  KEY_GENERATION: 1,
  ROOM_GRANTS: RoomGrants.parse({}),
  USER_REQUESTS_PER_MINUTE: 60,
  ADDRESS_REQUESTS_PER_MINUTE: 600,
  CORS_ORIGINS: [],
  ROOM_KEY_FILE: "/secrets/room-key",
  TURN_KEY_FILE: "/secrets/turn-key",
  SIGN_IN_FILE: "/secrets/sign-in",
  ICE_SOURCES_FILE: "/secrets/ice-sources",
  VERIFIER_KEY_FILE: "/secrets/verifier-key",
  USER_ID_KEY_FILE: "/secrets/user-id-key",
  BLOCKED_USERS_FILE: "/live/blocked-users.json",
  CERTIFICATE_FILE: "/live/certificate.pem",
};
