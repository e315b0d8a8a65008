/** The API's environment: written by the plan, read by the API, one schema for both ends. */
import * as z from "zod";
import { RoomGrants } from "./roomGrants.ts";
import { LONGEST_ROOM_TOKEN_SECONDS } from "./roomToken.ts";

const Path = z.string().min(1);

/** A whole number of at least 1, as decimal text. */
const count = (max: number) =>
  z.codec(z.string().regex(/^\d+$/, "must be a whole number"), z.int().min(1).max(max), {
    decode: Number,
    encode: String,
  });

/** ICE URLs (RFC 7064, RFC 7065), separated by commas, which no such URL holds. */
const IceUrls = z.codec(
  z.string().min(1),
  z.array(z.string().regex(/^(?:stuns?|turns?):[^\s,]+$/, "must be a stun: or turn: URL")).min(1),
  { decode: (text) => text.split(","), encode: (urls) => urls.join(",") },
);

/** Origins (RFC 6454) separated by commas; none is an empty text. */
const Origins = z.codec(z.string(), z.array(z.string()), {
  decode: (text) => text.split(",").filter(Boolean),
  encode: (origins) => origins.join(","),
});

/** What room tokens grant, as JSON. */
const Grants = z.codec(z.string(), RoomGrants, {
  decode: (text, context) => {
    try {
      return RoomGrants.parse(JSON.parse(text));
    } catch (error) {
      context.issues.push({ code: "custom", input: text, message: String(error) });
      return z.NEVER;
    }
  },
  encode: (grants) => JSON.stringify(grants),
});

const WebSocketUrl = z.url({ protocol: /^wss?$/ });

/** Each variable with its text form (environment) and its value (program). */
const Schema = z.object({
  /** Address to listen on. */
  HOST: z.string().min(1),
  PORT: count(65_535),
  /** Address and port of the Prometheus metrics. */
  METRICS_HOST: z.string().min(1),
  METRICS_PORT: count(65_535),
  /** LiveKit's HTTP as the API reaches it, such as `http://127.0.0.1:7880`. */
  LIVEKIT_HTTP_URL: z.url({ protocol: /^http$/ }),
  /** Where clients reach LiveKit's signalling, such as `ws://127.0.0.1:7880`. */
  LIVEKIT_URL: WebSocketUrl,
  /**
   * The same for requests that came over HTTPS, such as `wss://192.168.1.5`. It says that an edge is
   * in front, whose X-Forwarded headers are to be believed.
   */
  EDGE_LIVEKIT_URL: WebSocketUrl.optional(),
  /** In the order clients get them: first `stun:`, then `turn:` and `turns:`. */
  ICE_URLS: IceUrls,
  CREDENTIAL_TTL_SECONDS: count(86_400),
  ROOM_TOKEN_TTL_SECONDS: count(LONGEST_ROOM_TOKEN_SECONDS),
  /** Of the keys below, for the audit log. */
  KEY_GENERATION: count(1_000_000),
  /** What room tokens grant, JSON. */
  ROOM_GRANTS: Grants,
  USER_REQUESTS_PER_MINUTE: count(1_000_000),
  ADDRESS_REQUESTS_PER_MINUTE: count(1_000_000),
  /** Sites whose pages may ask. */
  CORS_ORIGINS: Origins,
  /** File with the LiveKit key that signs room tokens, JSON `{"key", "secret"}`. */
  ROOM_KEY_FILE: Path,
  /** File with the LiveKit key that TURN credentials are made with, JSON `{"key", "secret"}`. */
  TURN_KEY_FILE: Path,
  /** File that says who signs users in and how, JSON of `turn/signInSettings.ts`. */
  SIGN_IN_FILE: Path,
  /** File that says where ICE servers come from, JSON of `turn/iceSources.ts`. */
  ICE_SOURCES_FILE: Path,
  /** File with the HS256 secret that verify signs its own tokens with. */
  VERIFIER_KEY_FILE: Path,
  /** File with the ids of users who are cut off, a JSON array; it may change at any time. */
  BLOCKED_USERS_FILE: Path,
  /** File with the certificate that is served, PEM, leaf first; it may change at any time. */
  CERTIFICATE_FILE: Path,
  /** File in which a node's agent tells which document it runs, JSON; it may change at any time. */
  NODE_STATUS_FILE: Path.optional(),
  /** File with the certificate of the local CA, PEM; without it none is handed out. */
  CA_CERTIFICATE_FILE: Path.optional(),
  /** File with the key that turns user ids into TURN participant ids. */
  USER_ID_KEY_FILE: Path,
  /** File with the demo page, as `bundlePage` writes it; without it there is none. */
  DEMO_PAGE_FILE: Path.optional(),
  /** File with the diagnostics page, as `bundlePage` writes it; without it there is none. */
  DIAGNOSTICS_PAGE_FILE: Path.optional(),
});

/** The environment as values: `PORT` a number, `ICE_URLS` a list. */
export type ApiEnv = z.output<typeof Schema>;

/** The environment as the container gets it. Throws when a value does not pass its own schema. */
export const renderApiEnv = (env: ApiEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(z.encode(Schema, env)).flatMap(([key, text]) =>
      text === undefined ? [] : [[key, text]],
    ),
  );

/**
 * Reads what `renderApiEnv` wrote; other variables are ignored. Throws one error that lists every
 * variable that is missing or wrong, with its value: the environment holds no secrets, only file names.
 */
export function parseApiEnv(environment: Readonly<Record<string, string | undefined>>): ApiEnv {
  const parsed = Schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const problems = new Set(
    parsed.error.issues.map(({ path, message }) => {
      const key = String(path[0]);
      const value = environment[key];
      return `${key} is ${value === undefined ? "not set" : JSON.stringify(value)}: ${message}`;
    }),
  );
  throw new Error(
    `the API's environment is wrong - correct it where the API is started\n  ${[...problems].join("\n  ")}`,
  );
}
