import { coturnFlag, type CoturnOptions } from "../../subjects/coturnOptions.ts";
import { turnRule } from "./turnRule.ts";

const mechanisms = ["use-auth-secret", "lt-cred-mech"];

/** What lets in who should not be; coturn without any mechanism lets in everyone. */
function openings(options: CoturnOptions): readonly string[] {
  return [
    ...(coturnFlag(options, "no-auth") ? ["no-auth is on: everyone may relay"] : []),
    ...(mechanisms.some((it) => coturnFlag(options, it))
      ? []
      : ["neither use-auth-secret nor lt-cred-mech is on: everyone may relay"]),
    ...(options.has("user") ? ["user names an account whose password never expires"] : []),
    ...(coturnFlag(options, "oauth") ? ["oauth is on, which CVE-2026-43994 was in"] : []),
  ];
}

/** LiveKit's TURN knows no relay without a credential, and no lasting one. */
export const authentication = turnRule({
  name: "turn-authentication",
  description: "The relay takes credentials that expire, and nothing else.",
  severity: "critical",
  judges: "turn",
  check: (server) =>
    server.engine === "coturn"
      ? openings(server.options).map((seen) => ({
          what: "relays for whoever asks, or for ever",
          seen,
          mend: "set use-auth-secret with static-auth-secret, and take no-auth, user and oauth away",
        }))
      : [],
});
