import { itemsOf, peek } from "../../known.ts";
import { known, textAt } from "../../subjects/seen.ts";
import type { TurnServer } from "../../subjects/turnServer.ts";
import { turnRule } from "./turnRule.ts";

function inlineSecrets(server: TurnServer): readonly string[] {
  const own = server.secrets.filter((it) => it.inline).map((it) => it.input);
  if (server.engine !== "livekit") return own;
  const others = itemsOf(peek(server.config, "rtc"), "turn_servers").flatMap((it, index) =>
    ["secret", "credential"]
      .filter((key) => known(textAt(it, key)) !== undefined)
      .map((key) => `rtc.turn_servers[${index}].${key}`),
  );
  return [...own, ...others];
}

/** A configuration without secrets can be shown, compared and judged; a command line and an environment are shown anyway. */
export const keysInFiles = turnRule({
  name: "turn-keys-in-files",
  description:
    "Keys lie in files of their own, not in the configuration, the environment or a command line.",
  severity: "high",
  judges: "every server",
  check: (server) =>
    inlineSecrets(server).map((input) => ({
      what: "has a secret where everyone who sees the configuration reads it",
      seen: `${input} is set`,
      mend:
        server.engine === "livekit"
          ? "name a key_file (secret_file for other TURN servers) of mode 0400 instead"
          : "put it into turnserver.conf, with mode 0400",
    })),
});
