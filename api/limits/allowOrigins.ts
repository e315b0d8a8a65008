import cors from "@fastify/cors";
import type { FastifyInstance } from "fastify";

/** What a page of another origin may read besides the body; the client reckons with the server's clock. */
const READABLE = [
  "date",
  "ratelimit-limit",
  "ratelimit-remaining",
  "ratelimit-reset",
  "retry-after",
  "x-request-id",
];
const PREFLIGHT_SECONDS = 600;

/**
 * Lets pages of exactly these origins read answers, signed in (Fetch standard, CORS protocol); to any
 * other origin nothing is said. Answers name the one origin they are for, and vary with it. `headers` may
 * be sent by their scripts besides a bearer token.
 */
export function allowOrigins(
  app: FastifyInstance,
  origins: readonly string[],
  headers: readonly string[],
): void {
  if (origins.length === 0) return;
  void app.register(cors, {
    // The listed text, never the header's.
    origin: (asking, tell) => tell(null, origins.find((it) => it === asking) ?? false),
    credentials: true,
    methods: ["GET", "POST"],
    allowedHeaders: ["authorization", "content-type", ...headers],
    exposedHeaders: READABLE,
    maxAge: PREFLIGHT_SECONDS,
    strictPreflight: false,
  });
}
