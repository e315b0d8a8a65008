import type { Metrics } from "./metrics.ts";

/**
 * Counts what is handed out by the audit lines that tell of it, so that the two agree: `audit:
 * "turn-credential"` with its `source`, and `audit: "room-token"`.
 */
export const countAudits =
  ({ credentials, roomTokens }: Pick<Metrics, "credentials" | "roomTokens">) =>
  ({ audit, source }: Readonly<Record<string, unknown>>): void => {
    if (audit === "turn-credential") credentials.inc({ source: String(source) });
    if (audit === "room-token") roomTokens.inc();
  };
