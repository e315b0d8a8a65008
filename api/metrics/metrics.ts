/** What the API counts, for Prometheus. No label names a user, and every label has few values. */
import { Counter, Histogram, Registry } from "prom-client";

const LATENCY_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counters of one server, in a registry of their own. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    requests: new Counter({
      name: "turnkey_api_requests_total",
      help: "Requests answered, by route and status",
      labelNames: ["method", "route", "status"],
      registers,
    }),
    latency: new Histogram({
      name: "turnkey_api_request_duration_seconds",
      help: "From the request's head to the end of the answer, by route",
      labelNames: ["method", "route"],
      buckets: LATENCY_SECONDS,
      registers,
    }),
    credentials: new Counter({
      name: "turnkey_api_credentials_minted_total",
      help: "TURN credentials handed out, by the source that made them",
      labelNames: ["source"],
      registers,
    }),
    roomTokens: new Counter({
      name: "turnkey_api_room_tokens_total",
      help: "Room tokens signed",
      registers,
    }),
    limited: new Counter({
      name: "turnkey_api_rate_limited_total",
      help: "Requests refused with 429, by whose limit it was",
      labelNames: ["by"],
      registers,
    }),
    shed: new Counter({
      name: "turnkey_api_shed_total",
      help: "Requests refused with 503 because the process was overloaded",
      registers,
    }),
    signInFailures: new Counter({
      name: "turnkey_api_sign_in_failures_total",
      help: "Sign-ins that failed, by reason",
      labelNames: ["reason"],
      registers,
    }),
  } as const;
}
export type Metrics = ReturnType<typeof createMetrics>;
