/** The API's environment: written by the plan, read by the API, one schema for both ends. */
import * as z from "zod";

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

const WebSocketUrl = z.url({ protocol: /^wss?$/ });

/** Each variable with its text form (environment) and its value (program). */
const Schema = z.object({
  /** Address to listen on. */
  HOST: z.string().min(1),
  PORT: count(65_535),
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
  ROOM_TOKEN_TTL_SECONDS: count(86_400),
  /** File with the LiveKit key that signs room tokens, JSON `{"key", "secret"}`. */
  ROOM_KEY_FILE: Path,
  /** File with the LiveKit key that TURN credentials are made with, JSON `{"key", "secret"}`. */
  TURN_KEY_FILE: Path,
  /** File with the HS256 secret of users' API tokens. */
  API_JWT_SECRET_FILE: Path,
  /** File with the certificate of the local CA, PEM; without it none is handed out. */
  CA_CERTIFICATE_FILE: Path.optional(),
  /** File with the key that turns user ids into TURN participant ids. */
  USER_ID_KEY_FILE: Path,
  /** File with the demo page, as `bundlePage` writes it; without it there is none. */
  DEMO_PAGE_FILE: Path.optional(),
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
